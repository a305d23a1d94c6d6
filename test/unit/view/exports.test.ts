// What a run is written as for other programs: each format as its tool reads it.

import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/run/plan.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { decodeTrace } from '../../../src/trace/format.ts';
import { exportTable } from '../../../src/view/exports.ts';
import { factsOf } from '../../../src/view/facts.ts';
import { LanedRecorder } from '../../../src/view/laned-recorder.ts';
import { laneHead, laneLine, lanesText } from '../../../src/view/text-lanes.ts';
import { planOfScenario, readScenario } from '../../../src/scenario/load.ts';
import { playScenario } from '../../../src/scenario/interpreter/play.ts';
import { failing, faulty, filmed } from '../../support/films.ts';

const film = filmed(failing);
const { history, run } = film;
const facts = run.violation === undefined ? [] : factsOf(history, run.violation);
const [from, to] = [780, 818];
const evil = '</svg><script>"&\'';

function made(name: string, title = 'a run'): string {
  const row = exportTable.find((one) => one.name === name);
  if (row === undefined) throw new Error(`no format ${name}`);
  return row.make({ film, facts, from, to, isFolded: false, title, version: '0' });
}

describe('exports', () => {
  it('a trace is read back with the same end', () => {
    const { end, intact } = decodeTrace(made('trace'), 'x');
    expect([end.fingerprint, end.steps, intact]).toEqual([run.fingerprint, run.steps, true]);
  });

  it('a scenario plays to the same fingerprint', () => {
    const scenario = readScenario(made('scenario'), { file: 'x.yaml', nearest: () => undefined });
    const played = playScenario(scenario, planOfScenario(scenario, {}));
    expect(played.failure).toBe(undefined);
    expect(played.run.fingerprint).toBe(run.fingerprint);
  });

  it('SVG is well-formed, has both facts and every step of the range, and no markup of others', () => {
    const text = made('svg', evil);
    const open: string[] = [];
    for (const [, isEnd, name = '', isEmpty] of text.matchAll(/<(\/?)([a-zA-Z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
      if (isEnd === '/') expect(open.pop()).toBe(name);
      else if (isEmpty !== '/') open.push(name);
    }
    expect(open).toEqual([]);
    expect(text.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|#39);)/);
    expect(text).not.toContain('<script');
    for (let step = from; step <= to; step++) expect(text).toContain(`>#${step}<`);
    expect(text).toContain('>fact 1');
    expect(text).toContain('>fact 2');
  });

  it('Mermaid has a participant for each server', () => {
    const lines = made('mermaid').split('\n');
    expect(lines[0]).toBe('sequenceDiagram');
    expect(lines.slice(1, 6).map((line) => line.trim())).toEqual([1, 2, 3, 4, 5].map((n) => `participant n${n}`));
    expect(lines.length).toBeGreaterThan(15);
  });

  it('Perfetto: slices of a server follow each other, flows begin before they end', () => {
    interface Event {
      readonly ph: string;
      readonly tid: number;
      readonly ts: number;
      readonly dur: number;
      readonly id: number;
      readonly args: { readonly step: number };
    }
    const { traceEvents } = JSON.parse(made('perfetto')) as { readonly traceEvents: readonly Event[] };
    for (let tid = 1; tid <= history.servers; tid++) {
      const slices = traceEvents.filter((event) => event.ph === 'X' && event.tid === tid);
      expect(slices.length).toBeGreaterThan(1);
      for (let i = 1; i < slices.length; i++) {
        const [before, now] = [slices[i - 1], slices[i]];
        expect((before?.ts ?? 0) + (before?.dur ?? 0)).toBe(now?.ts);
      }
    }
    expect(traceEvents.filter(({ ph }) => ph === 'i').map(({ args }) => args.step)).toEqual(
      Array.from({ length: history.last }, (_, i) => i + 1),
    );
    const ends = new Map(traceEvents.filter(({ ph }) => ph === 'f').map((event) => [event.id, event]));
    const begins = traceEvents.filter(({ ph }) => ph === 's');
    expect(begins.length).toBe(ends.size);
    for (const { id, ts } of begins) expect(ends.get(id)?.ts).toBeGreaterThanOrEqual(ts);
  });

  it('ShiViz: its default parser takes every line, and clocks grow by one', () => {
    const text = made('shiviz');
    const events = Array.from(text.matchAll(/(?<event>.*)\n(?<host>\S*) (?<clock>{.*})\n?/g));
    expect(events.map(([all]) => all).join('')).toBe(text);
    const latest = new Map<string, Record<string, number>>();
    for (const { groups = {} } of events) {
      const { host = '', clock = '{}' } = groups;
      const now = JSON.parse(clock) as Record<string, number>;
      const before = latest.get(host) ?? {};
      expect(now[host]).toBe((before[host] ?? 0) + 1);
      for (const [name, count] of Object.entries(now)) {
        expect(count).toBeGreaterThanOrEqual(before[name] ?? 0);
        // Nobody knows more of a host than the host itself.
        if (name !== host) expect(count).toBeLessThanOrEqual(latest.get(name)?.[name] ?? 0);
      }
      latest.set(host, now);
    }
    expect(latest.size).toBeGreaterThan(history.servers);
  });

  it('ITF: every state has every variable, of every server', () => {
    interface State {
      readonly '#meta': { readonly index: number };
      readonly [name: string]: unknown;
    }
    const itf = JSON.parse(made('itf')) as {
      readonly '#meta': { readonly format: string };
      readonly vars: readonly string[];
      readonly states: readonly State[];
    };
    expect(itf['#meta'].format).toBe('ITF');
    expect(itf.states).toHaveLength(to - from + 2);
    itf.states.forEach((state, index) => {
      expect(state['#meta'].index).toBe(index);
      expect(Object.keys(state).filter((key) => key !== '#meta')).toEqual(itf.vars);
      const roles = state['role'] as { readonly '#map': readonly (readonly [string, string])[] };
      expect(roles['#map'].map(([name]) => name)).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
    });
    expect(JSON.stringify(itf.states.at(-1)?.['role'])).toContain('["n2","leader"]');
  });

  it('asciinema: a header, then events whose times grow', () => {
    const [head, ...events] = made('asciinema')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(head).toMatchObject({ version: 2, width: 120 });
    const times = events.map((event) => (event as readonly [number, string, string])[0]);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(events).toHaveLength(to - from + 2);
    for (const [, kind, text] of events as readonly (readonly [number, string, string])[]) {
      expect(kind).toBe('o');
      expect(text).toMatch(/^[^\n]*\r\n$/);
    }
  });
});

describe('lanes of text', () => {
  it('have an arrow from the sender’s lane to the receiver’s, and a cross where a message is lost', () => {
    expect(laneHead(5)).toBe('        n1    n2    n3    n4    n5');
    expect(laneLine(history, 805, 40)).toBe('#805    │◀────┆     │     │     ┆     n1');
    expect(laneLine(history, 812, 40)).toBe('#812    │─ ─✗─┆     │     │     │     n1');
    expect(laneLine(history, 818, 40)).toBe('#818    │     █◀────│     │     │     n2');
  });

  it('are the same where a run is told while it goes on', () => {
    for (const input of [failing, faulty]) {
      const told = input === failing ? film : filmed(input);
      const recorder = new LanedRecorder(told.plan.nodes);
      simulate(makePlan(input), { recorder });
      const steps = recorder.drainLaned();
      expect(steps).toHaveLength(told.history.last);
      for (const { step, data, signs } of steps) {
        const line = `${`#${step}`.padEnd(8)}${lanesText(signs, data)}`;
        expect(line.trimEnd()).toBe(laneLine(told.history, step, line.length));
      }
    }
  });
});
