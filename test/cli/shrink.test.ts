// `raft-sim shrink` as a function: what it reads, writes, says and ends with.
//
// The program is parsed as `main` does it, with streams that remember; files go to a folder of their own.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/base/errors.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { Terminal } from '../../src/cli/ui/terminal.ts';
import { Simulation, type Run } from '../../src/run/simulate.ts';
import { TraceWriter } from '../../src/trace/format.ts';
import { TraceRecorder } from '../../src/trace/recorder.ts';
import { traceEnd } from '../../src/run/re-record.ts';
import { brokenWithout, planOf } from '../support/shrinking.ts';

const folder = mkdtempSync(join(tmpdir(), 'raft-sim-shrink-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);

interface Told {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
}

async function shrink(...words: readonly string[]): Promise<Told> {
  const texts = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    write: (text: string): boolean => {
      texts[name] += text;
      return true;
    },
    on: (): undefined => undefined,
  });
  const terminal = new Terminal(stream('out'), stream('err'), {});
  let code: number | undefined;
  const program = makeProgram(terminal, (ended) => {
    code = ended;
  });
  await program.parseAsync(['shrink', ...words], { from: 'user' });
  return { code, ...texts };
}

const FAILING = ['--variant', 'progress-reset-too-late', '--seed', '10', '--property', 'log-matching'];

/** The trace of a run, of either kind. */
function trace(kind: 'steps' | 'seed'): string {
  const plan = planOf('progress-reset-too-late', 10);
  const recorder = new TraceRecorder({ lines: false });
  const simulation = new Simulation(plan, { recorder });
  while (simulation.advance(1_000_000));
  const run: Run = simulation.finish();
  const writer = new TraceWriter({ kind, version: '0.1.0', plan });
  const pieces = [writer.header()];
  if (kind === 'steps') for (const step of recorder.drain()) pieces.push(writer.step(step));
  return [...pieces, writer.end(traceEnd(run))].join('');
}

describe('raft-sim shrink', () => {
  it('runs, shrinks, writes, and says how long it is, what it took, that it is minimal, and how to replay it', async () => {
    const { code, out } = await shrink(...FAILING, '-o', path('run.yaml'));
    expect(code).toBe(1);
    expect(out).toMatch(/^✗ log-matching broken in 6 steps on 2 servers · it was 110 on 5 · seed 10$/m);
    expect(out).toContain(
      '\n  # n1 times out, becomes a candidate of term 1, and votes for itself.\n  - timeout: n1\n',
    );
    expect(out).toMatch(/^ {2}steps {7}3 deliveries, 3 external events$/m);
    expect(out).toMatch(/^ {2}search {6}[\d ]+ replays in [\d.]+ s, [\d ]+ a second$/m);
    expect(out).toMatch(/proof\s+each of the 6 steps was removed alone: the failure is gone every\s+time/);
    expect(out).toMatch(/^ {2}replay {6}\S.*scenario run .*run\.yaml$/m);
    expect(brokenWithout(readFileSync(path('run.yaml'), 'utf8'), undefined)).toBe('log-matching');
  });

  it.each(['steps', 'seed'] as const)('takes a trace of kind %s, and writes beside it', async (kind) => {
    const name = path(`${kind}.trace.ndjson`);
    writeFileSync(name, trace(kind));
    const { code, out } = await shrink(name, '--quiet');
    expect(code).toBe(1);
    expect(out).toContain(path(`${kind}.shrunk.yaml`));
    expect(out).not.toContain('# n1');
    expect(readFileSync(path(`${kind}.shrunk.yaml`), 'utf8')).toContain('violated: log-matching');
  });

  it('takes a scenario, and answers in JSON', async () => {
    await shrink(...FAILING, '-o', path('story.yaml'), '--quiet');
    const { code, out } = await shrink(path('story.yaml'), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'raft-sim/shrink@1',
      property: 'log-matching',
      variant: 'progress-reset-too-late',
      steps: 6,
      deliveries: 3,
      externalEvents: 3,
      nodes: 2,
      minimal: true,
      file: path('story.shrunk.yaml'),
    });
  });

  it('keeps the best so far when the time is up, and says so', async () => {
    const { out } = await shrink(...FAILING, '-o', path('short.yaml'), '--shrink-time', '0us');
    expect(out).toMatch(/proof\s+none: the time was up \(--shrink-time\), this is the best so far/);
    expect(brokenWithout(readFileSync(path('short.yaml'), 'utf8'), undefined)).toBe('log-matching');
  });

  it('has nothing to do where nothing is broken', async () => {
    const { code, out } = await shrink('--seed', '42', '--for', '1s');
    expect([code, out]).toEqual([0, 'nothing is broken: there is nothing to shrink\n']);
    const asJson = await shrink('--seed', '42', '--for', '1s', '--json');
    expect(JSON.parse(asJson.out)).toMatchObject({ property: null });
  });
});

describe('wrong input', () => {
  const clean = 'name: fine\nwhy: nothing is broken here\nsteps:\n  - timeout: n1\n';

  it.each([
    ['nothing', [], /nothing to shrink: name a trace or a scenario, or give the flags of run/],
    ['a file and flags of a run', ['a.yaml', '--seed', '1'], /a\.yaml says what is run: leave out --seed/],
    ['a missing file', [path('gone.yaml')], /cannot read .*gone\.yaml: there is no such file/],
    ['a trace flag', [...FAILING, '--trace', 'x.ndjson'], /--trace is for run: shrink writes a scenario/],
    ['a bad time', [...FAILING, '--shrink-time', 'soon'], /--shrink-time is "?soon/],
    ['an unknown variant', ['--variant', 'nonsense'], /unknown variant "nonsense"/],
  ])('%s', async (_what, words, expected) => {
    await expect(shrink(...words)).rejects.toThrow(expected);
    await expect(shrink(...words)).rejects.toThrow(UsageError);
  });

  it('a scenario or a trace that breaks nothing, or cannot be read', async () => {
    writeFileSync(path('clean.yaml'), clean);
    await expect(shrink(path('clean.yaml'))).rejects.toThrow(/clean\.yaml breaks no promise/);
    writeFileSync(path('bad.yaml'), `${clean}  - timeot: n1\n`);
    await expect(shrink(path('bad.yaml'))).rejects.toThrow(/bad\.yaml:5/);
    writeFileSync(path('bad.ndjson'), '{"raft-sim":"trace"\n');
    await expect(shrink(path('bad.ndjson'))).rejects.toThrow(/bad\.ndjson:1/);
    const other = trace('steps').replace('"property":"log-matching"', '"property":"log-marching"');
    writeFileSync(path('other.ndjson'), other);
    await expect(shrink(path('other.ndjson'))).rejects.toThrow(/log-marching, which this version does not know/);
  });

  it('a place that cannot be written: the scenario is told all the same', async () => {
    await expect(shrink(...FAILING, '-o', folder, '--quiet')).rejects.toThrow(/cannot write .*it is a folder/);
  });
});
