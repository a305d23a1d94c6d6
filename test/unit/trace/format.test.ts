// What is written can be read, what was edited is noticed, and a trace taken as a script gives the same run.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/run/plan.ts';
import { planOfTrace } from '../../../src/run/traced-plan.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { InvariantError, UsageError } from '../../../src/base/errors.ts';
import { clientId, micros, nodeId } from '../../../src/base/ids.ts';
import type { Step } from '../../../src/sim/step.ts';
import { decodeTrace, resum, TRACE_FORMAT, TraceWriter, type Trace } from '../../../src/trace/format.ts';
import { TraceRecorder } from '../../../src/trace/recorder.ts';
import { encodeStep } from '../../../src/trace/step-codec.ts';
import { runs, SEED } from '../../support/seed.ts';
import { endOf, fileOf, plan, printOf, seedFileOf } from './files.ts';
import { anyStep, samples } from './steps.ts';

const decode = (text: string): Trace => decodeTrace(text, 'a.trace');
const whole = fileOf(samples, { property: 'log-matching', why: 'n1 and n2 "differ"\n' });

describe('a trace of kind steps', () => {
  it('has a readable line for each step', () => {
    expect(samples.map((step, i) => encodeStep(i + 1, step, printOf(i + 1)).replace(/"print":.*$/, '…'))).toEqual([
      '{"step":1,"at":1234,"do":"deliver","from":"n1","to":"n5","number":5,…',
      '{"step":2,"at":1234,"do":"deliver","from":"n1","to":"n5","number":5,"effects":0,…',
      '{"step":3,"at":1234,"do":"drop","from":"n1","to":"n5","number":5,"reason":"cut",…',
      '{"step":4,"at":1234,"do":"duplicate","from":"n1","to":"n5","number":5,…',
      '{"step":5,"at":1234,"do":"timer","node":"n2","timer":"election",…',
      '{"step":6,"at":1234,"do":"timer","node":"n2","timer":"heartbeat","effects":2,…',
      '{"step":7,"at":1234,"do":"durable","node":"n2",…',
      '{"step":8,"at":1234,"do":"durable","node":"n2","effects":1,…',
      '{"step":9,"at":1234,"do":"write-failed","node":"n2","error":"sync","kept":1,…',
      '{"step":10,"at":1234,"do":"crash","node":"n2","kept":2,"torn":true,…',
      '{"step":11,"at":1234,"do":"wipe","node":"n2",…',
      '{"step":12,"at":1234,"do":"restart","node":"n2",…',
      '{"step":13,"at":1234,"do":"pause","node":"n2",…',
      '{"step":14,"at":1234,"do":"resume","node":"n2",…',
      '{"step":15,"at":1234,"do":"cut","fault":1,"shape":"two-way","links":[["n1","n5"],["n5","n1"]],…',
      '{"step":16,"at":1234,"do":"heal","fault":1,…',
      '{"step":17,"at":1234,"do":"slow","fault":2,"factor":10,"links":[["n1","n5"],["n5","n1"]],…',
      '{"step":18,"at":1234,"do":"mend","fault":2,…',
      '{"step":19,"at":1234,"do":"clock","node":"n2","ratePpm":-200,"jump":-1500,…',
      '{"step":20,"at":1234,"do":"calm",…',
      '{"step":21,"at":1234,"do":"call","client":"c3","sequence":4,"node":"n2",' +
        '"operation":{"kind":"put","key":"k1","value":"3.1"},…',
      '{"step":22,"at":1234,"do":"call","client":"c3","sequence":4,"node":"n2",' +
        '"operation":{"kind":"put","key":"k1","value":"3.1"},"effects":3,…',
      '{"step":23,"at":1234,"do":"answer","client":"c3","number":3,"lost":false,…',
    ]);
  });

  it('begins and ends as documented', () => {
    const lines = whole.split('\n');
    expect(lines[0]).toBe(
      '{"raft-sim":"trace","format":1,"version":"0.1.0","kind":"steps","plan":{"seed":"gr\\u00fcn 42","nodes":5}}',
    );
    expect(lines.at(-1)).toBe('');
    expect(lines.at(-2)).toMatch(
      /^\{"end":true,"steps":23,"at":99000,"fingerprint":"[0-9a-f]{16}","violation":\{.*\},"sum":"[0-9a-f]{8}"\}$/,
    );
    expect(fileOf([]).split('\n')[1]).toContain('"violation":null');
  });

  it('is plain ASCII', () => expect(whole).toMatch(/^[\n -~]*$/));

  it('comes back as it was', () => {
    const trace = decode(whole);
    expect(trace.header).toEqual({ kind: 'steps', version: '0.1.0', plan });
    expect(trace.steps).toEqual(samples);
    expect(trace.prints).toEqual(samples.map((_, i) => printOf(i + 1)));
    expect(trace.checkpoints).toEqual([]);
    expect(trace.end).toEqual(endOf(23, { property: 'log-matching', why: 'n1 and n2 "differ"\n' }));
    expect(trace.intact).toBe(true);
    expect([1, 2, 23, 24, 0, -5].map((step) => trace.lineOf(step))).toEqual([2, 3, 24, 25, 25, 25]);
  });

  it(`comes back as it was, whatever steps there are (seed ${SEED})`, () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 8 }), (steps) => {
        const trace = decode(fileOf(steps));
        expect(trace.steps).toEqual(steps);
        expect(trace.intact).toBe(true);
      }),
      runs(500),
    );
  });

  it('may hold the smallest of all numbers', () => {
    const at = micros(0);
    const node = nodeId(0);
    const smallest: Step[] = [
      { kind: 'deliver', at, from: node, to: node, number: 1, effects: 0 },
      { kind: 'write-failed', at, node, error: 'write', kept: 0 },
      { kind: 'crash', at, node, kept: 0, torn: false },
      { kind: 'cut', at, fault: 0, shape: '', links: [] },
      { kind: 'heal', at, fault: 0 },
      { kind: 'slow', at, fault: 0, factor: 1, links: [] },
      { kind: 'mend', at, fault: 0 },
      { kind: 'clock', at, node, ratePpm: -999_999, jump: Number.MIN_SAFE_INTEGER },
      { kind: 'call', at, client: clientId(0), sequence: 1, node, operation: { kind: 'get', key: '' } },
      { kind: 'answer', at, client: clientId(0), number: 1, lost: true },
    ];
    expect(decode(fileOf(smallest)).steps).toEqual(smallest);
  });

  it('may have no steps', () => expect(decode(fileOf([])).steps).toEqual([]));

  it.each([
    ['CR LF, as a version control makes it', whole.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${whole}`],
    ['no line feed at the end', whole.trimEnd()],
    ['empty lines at the end', `${whole}\n\r\n`],
  ])('is still intact with %s', (_name, text) => expect(decode(text)).toMatchObject({ intact: true, steps: samples }));
});

describe('a trace of kind seed', () => {
  it('comes back as it was', () => {
    const trace = decode(seedFileOf([1_000, 2_000, 2_500], 2_600));
    expect(trace.header.kind).toBe('seed');
    expect(trace.steps).toEqual([]);
    expect(trace.prints).toEqual([]);
    expect(trace.checkpoints).toEqual([1_000, 2_000, 2_500].map((step) => ({ step, print: printOf(step) })));
    expect(trace.end.steps).toBe(2_600);
    expect(trace.intact).toBe(true);
    expect([1, 1_000, 1_001, 2_500, 2_600].map((step) => trace.lineOf(step))).toEqual([2, 2, 3, 4, 5]);
  });

  it('may have no checkpoints, and one at its end', () => {
    expect(decode(seedFileOf([], 99)).end.steps).toBe(99);
    expect(decode(seedFileOf([99], 99)).checkpoints).toHaveLength(1);
  });
});

describe('the sum', () => {
  /** Every digit of a text, made another one. */
  const digitEdits = (text: string): string[] =>
    Array.from(text.matchAll(/\d/g), ({ 0: digit, index }) => {
      return `${text.slice(0, index)}${(Number(digit) + 1) % 10}${text.slice(index + 1)}`;
    });

  it.each([
    ['steps', fileOf(samples.slice(0, 12))],
    ['seed', seedFileOf([10, 20], 30)],
  ])('notices every digit that is edited in a trace of kind %s', (_kind, text) => {
    const edits = digitEdits(text);
    expect(edits.length).toBeGreaterThan(50);
    let lookedAt = 0;
    for (const edited of edits) {
      try {
        expect(decode(edited).intact, edited).toBe(false);
        lookedAt++;
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        expect(error.message).toMatch(/^a\.trace:\d+:\d+: /);
      }
    }
    expect(lookedAt).toBeGreaterThan(edits.length / 2);
  });

  it.each([
    ['a fingerprint of the end', whole.replace(`"fingerprint":"${printOf(23)}"`, `"fingerprint":"${printOf(9)}"`)],
    ['the violation', whole.replace('log-matching', 'vote-once')],
    ['the plan', whole.replace('"seed":"gr', '"seed":"Gr')],
    ['a blank', whole.replace('"step":7,', '"step": 7,')],
    ['the order of the keys of the end', whole.replace(/("violation":.*),("sum":"\w+")\}\n$/, '$2,$1}\n')],
  ])('notices that somebody edited %s', (_name, text) => {
    expect(text).not.toBe(whole);
    expect(decode(text).intact).toBe(false);
  });

  it('can be made right again', () => {
    const edited = whole.replace('"kept":2', '"kept":1').replaceAll('\n', '\r\n');
    expect(decode(edited).intact).toBe(false);
    expect(decode(resum(edited))).toMatchObject({ intact: true, end: { steps: 23 } });
    expect(resum(whole)).toBe(whole);
    expect(resum('no trace')).toBe('no trace');
    expect(resum('')).toBe('');
  });
});

describe('the writer', () => {
  const writer = (kind: 'steps' | 'seed'): TraceWriter => new TraceWriter({ kind, version: '0.1.0', plan });
  const begun = (kind: 'steps' | 'seed'): TraceWriter => {
    const made = writer(kind);
    made.header();
    return made;
  };
  const first = { step: 1, data: samples[0] ?? { kind: 'calm', at: micros(0) }, fingerprint: printOf(1) } as const;

  it.each<readonly [string, () => string]>([
    ['two headers', () => begun('steps').header()],
    ['a step without a header', () => writer('steps').step(first)],
    ['an end without a header', () => writer('steps').end(endOf(0))],
    ['a checkpoint without a header', () => writer('seed').checkpoint(1, printOf(1))],
    ['a step in a trace of kind seed', () => begun('seed').step(first)],
    ['a checkpoint in a trace of kind steps', () => begun('steps').checkpoint(1, printOf(1))],
    ['a step left out', () => begun('steps').step({ ...first, step: 2 })],
    ['a checkpoint of step 0', () => begun('seed').checkpoint(0, printOf(1))],
    ['an end that counts other steps', () => begun('steps').end(endOf(1))],
    [
      'a checkpoint behind the end',
      () => {
        const made = begun('seed');
        made.checkpoint(5, printOf(5));
        return made.end(endOf(4));
      },
    ],
  ])('refuses %s', (_name, act) => expect(act).toThrow(InvariantError));

  it('writes whole lines only', () => {
    const made = writer('steps');
    for (const line of [made.header(), made.step(first), made.end(endOf(1))]) expect(line).toMatch(/^\{[^\n]*\}\n$/);
  });

  it('writes the format that it reads', () => expect(writer('steps').header()).toContain(`"format":${TRACE_FORMAT},`));
});

describe('a trace of a real run', () => {
  it.each(['chaos', 'disk', 'lossy'])('taken as a script gives the same run: %s', (profile) => {
    const wanted = makePlan({ seed: '7', nodes: 5, profile, length: { steps: 4_000 } });
    const recorder = new TraceRecorder({ lines: false });
    const run = simulate(wanted, { recorder });
    const writer = new TraceWriter({ kind: 'steps', version: '0.1.0', plan: wanted });
    const lines = [writer.header(), ...recorder.drain().map((traced) => writer.step(traced))];
    const { steps, fingerprint } = run;
    const text = lines.join('') + writer.end({ steps, at: micros(run.at), fingerprint, violation: null });

    const trace = decode(text);
    expect(trace.intact).toBe(true);
    expect(trace.prints.at(-1)).toBe(fingerprint);
    const again = new TraceRecorder({ lines: false });
    const read = planOfTrace(trace);
    expect(read).toEqual(wanted);
    simulate(read, { recorder: again, script: trace.steps });
    expect(again.drain().map((traced) => traced.fingerprint)).toEqual(trace.prints);
  });
});
