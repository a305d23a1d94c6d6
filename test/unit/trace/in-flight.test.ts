// What is on its way at every step of a run: exactly what was sent and has neither arrived nor been lost.
//
// The world's own count of messages is the oracle.

import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/run/plan.ts';
import { Simulation } from '../../../src/run/simulate.ts';
import { InFlightRecorder } from '../../../src/trace/in-flight.ts';
import { TraceRecorder } from '../../../src/trace/recorder.ts';

describe('messages in flight', () => {
  it.each(['lossy', 'chaos'])('agree with the network under %s', (profile) => {
    const lines = new TraceRecorder({ lines: false });
    const recorder = new InFlightRecorder(lines);
    const plan = makePlan({ seed: '11', nodes: 3, profile, length: { micros: 3_000_000 } });
    const simulation = new Simulation(plan, { recorder });
    const { world } = simulation;
    let most = 0;
    for (let goesOn = true; goesOn;) {
      goesOn = simulation.advance(1);
      const copies = recorder.messages.reduce((sum, message) => sum + message.copies, 0);
      expect(copies).toBe(world.network.onTheirWay);
      most = Math.max(most, copies);
    }
    expect(most).toBeGreaterThan(3);
    expect(world.counters.duplicated).toBeGreaterThan(0);
    expect(lines.drain()).toHaveLength(world.steps);
  });

  it('have the numbers by which steps name them, and answers leave when they arrive', () => {
    const lines = new TraceRecorder({ lines: false });
    const recorder = new InFlightRecorder(lines);
    const plan = makePlan({ seed: '3', nodes: 3, profile: 'calm', length: { micros: 2_000_000 } });
    const simulation = new Simulation(plan, { recorder });
    let answers = 0;
    for (let goesOn = true; goesOn;) {
      const before = recorder.messages.map(({ message, number }) => `${message.from} ${message.to} ${number}`);
      const pending = recorder.answers.length;
      goesOn = simulation.advance(1);
      const [step] = lines.drain();
      if (step?.data.kind === 'deliver') {
        expect(before).toContain(`${step.data.from} ${step.data.to} ${step.data.number}`);
      }
      if (step?.data.kind === 'answer') {
        expect(recorder.answers.length).toBe(pending - 1);
        answers++;
      }
    }
    expect(answers).toBeGreaterThan(10);
  });
});
