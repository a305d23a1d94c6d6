// The history of a run: at every step it says what a run that stops there shows.

import { describe, expect, it } from 'vitest';
import { logIndex, NOBODY, type NodeId } from '../../../src/base/ids.ts';
import { makePlan, type PlanInput } from '../../../src/run/plan.ts';
import { Simulation } from '../../../src/run/simulate.ts';
import { InFlightRecorder } from '../../../src/trace/in-flight.ts';
import { TraceRecorder } from '../../../src/trace/recorder.ts';
import { armedTimers } from '../../../src/view/moments.ts';
import { timers, timerNames } from '../../../src/protocol/timers.ts';
import { failing, faulty, filmed } from '../../support/films.ts';

/** Stops a run at each of these steps, and compares. */
function compare(input: PlanInput, steps: readonly number[]): void {
  const { history } = filmed(input);
  const plan = makePlan(input);
  const notation = new TraceRecorder({ lines: true });
  const inFlight = new InFlightRecorder(notation);
  const simulation = new Simulation(plan, { recorder: inFlight });
  const { world } = simulation;
  for (const step of steps) {
    simulation.advance(step - world.steps);
    expect(world.steps).toBe(step);
    expect(history.prints[step]).toBe(world.fingerprint.toString());
    expect(history.lines[step]).toBe(notation.last(1)[0]?.line);
    for (const host of world.hosts) {
      const moment = history.server(host.id, step);
      const place = `n${host.id + 1} after step ${step}`;
      expect(moment.status, place).toBe(host.status);
      expect(moment.disk.lastIndex, place).toBe(host.disk.lastIndex);
      expect(moment.disk.term, place).toBe(host.disk.hardState.term);
      expect(moment.disk.cachedWrites, place).toBe(host.disk.cachedWrites);
      expect(armedTimers(moment), place).toEqual(
        timers.filter((timer) => host.armed(timer)).map((timer) => timerNames[timer]),
      );
      for (let index = 1; index <= host.disk.lastIndex; index++) {
        expect(history.log(host.id, 'disk').entryAt(index, step), place).toEqual(host.disk.entryAt(logIndex(index)));
      }
      if (host.status === 'down') {
        expect([moment.role, moment.term, moment.votedFor], place).toEqual(['down', 0, NOBODY]);
        continue;
      }
      const { role, currentTerm, votedFor, commitIndex, log } = host.process.probe;
      expect([moment.role, moment.term, moment.votedFor], place).toEqual([role, currentTerm, votedFor]);
      expect([moment.commitIndex, moment.lastIndex, moment.base], place).toEqual([
        commitIndex,
        log.lastIndex,
        log.base,
      ]);
      for (let index = log.base + 1; index <= log.lastIndex; index++) {
        expect(history.entry(host.id, index, step), `${place}, entry ${index}`).toEqual(log.entryAt(logIndex(index)));
      }
      expect(history.entry(host.id, log.lastIndex + 1, step), place).toBe(undefined);
      expect(moment.values, place).toEqual(Array.from(host.process.machine?.values() ?? []));
    }
    const names = (
      all: readonly { message: { from: NodeId; to: NodeId }; number: number; copies: number }[],
    ): string[] => all.map(({ message, number, copies }) => `${message.from} ${message.to} ${number} ×${copies}`);
    const here = history.onTheirWay(step).map(({ flight, copies }) => ({ ...flight, copies }));
    expect(names(here)).toEqual(names(inFlight.messages));
    const waiting = history.answers.filter(
      ({ sentAt, ending }) => sentAt <= step && (ending === undefined || ending.step > step),
    );
    expect(waiting).toHaveLength(inFlight.answers.length);
  }
}

describe('the history of a run', () => {
  it('is at each step what a run shows that stops there', () => {
    compare(failing, [1, 2, 5, 17, 18, 19, 143, 300, 301, 500, 792, 797, 817, 818]);
  });

  it('is so under every fault', () => {
    compare(
      faulty,
      Array.from({ length: 40 }, (_, i) => 1 + i * 100),
    );
  });

  it('knows which messages left in a step, and which message a step is about', () => {
    const { history } = filmed(failing);
    const sent = Array.from({ length: history.last }, (_, i) => history.sentIn(i + 1)).flat();
    expect(sent).toEqual(history.flights);
    for (let step = 1; step <= history.last; step++) {
      const taken = history.step(step);
      const flight = history.flight(step);
      if (!('from' in taken)) expect(flight).toBe(undefined);
      else expect([flight?.message.from, flight?.number]).toEqual([taken.from, taken.number]);
    }
  });
});
