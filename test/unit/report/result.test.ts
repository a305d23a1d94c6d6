// What all reports share: folders, sums, and what went wrong in plain lines.

import { describe, expect, it } from 'vitest';
import { scenariosJson } from '../../../src/report/json.ts';
import { folderOf, notRun, troubleLines, virtualMicrosOf } from '../../../src/report/result.ts';
import { broken, defective, failed, passed, wrong } from './results.ts';

describe('a result', () => {
  it.each([
    ['a.yaml', '.'],
    ['x/a.yaml', 'x'],
    ['x/y/a.yaml', 'x/y'],
    ['/a.yaml', '/'],
    ['standard input', '.'],
  ])('%s lies in %s', (file, folder) => expect(folderOf(file)).toBe(folder));

  it('tells what went wrong', () => {
    expect(troubleLines(passed('a'))).toEqual([]);
    expect(troubleLines(notRun('a'))).toEqual([]);
    expect(troubleLines(failed('a.yaml'))).toEqual([
      'a.yaml:6:36: expect: logs: n2',
      '  - expect: { logs: { n2: 1 1 } }',
      '                      ^',
      'expected  n2 log 1 1',
      'found     n2 log 1',
      'repeat    raft-sim scenario run x.yaml',
    ]);
    expect(troubleLines(broken('a.yaml')).slice(3)).toEqual([
      'found     n1 & n2 <differ>',
      'at        step 12',
      'repeat    raft-sim scenario run x.yaml',
    ]);
    expect(troubleLines(wrong('a.yaml'))).toEqual([
      'a.yaml:3:1: unknown key "sed"',
      'sed: 1',
      '^',
      'did you mean seed?',
    ]);
    expect(troubleLines(defective('a.yaml'))).toEqual([
      'a defect of raft-sim itself: planted',
      'at a.yaml',
      'repeat    raft-sim scenario run a.yaml',
    ]);
  });

  it('adds up virtual time', () => {
    expect(virtualMicrosOf([passed('a'), notRun('b'), failed('c')])).toBe(2_400_000);
  });
});

describe('the document', () => {
  const outcome = (...results: Parameters<typeof scenariosJson>[0]['results']): unknown =>
    (scenariosJson({ results, realMillis: 1, interrupted: false }, '1.2.3') as { outcome: unknown }).outcome;

  it('has the gravest of all outcomes', () => {
    expect(outcome(passed('a'))).toBe('passed');
    expect(outcome(passed('a'), wrong('b'))).toBe('mistake');
    expect(outcome(wrong('a'), failed('b'))).toBe('failed');
    expect(outcome(failed('a'), defective('b'))).toBe('defect');
    expect(scenariosJson({ results: [notRun('a')], realMillis: 1.6, interrupted: true }, '1.2.3')).toMatchObject({
      schema: 'raft-sim/scenarios@1',
      version: '1.2.3',
      outcome: 'interrupted',
      interrupted: true,
      passed: 0,
      notRun: 1,
      realMillis: 2,
      scenarios: [{ file: 'a', outcome: 'not run', play: null }],
    });
  });
});
