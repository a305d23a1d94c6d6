// Results as a run of scenarios makes them, for the tests of reports.

import {
  defectOf,
  mistaken,
  notRun,
  type FailureFacts,
  type PlayFacts,
  type ScenarioResult,
} from '../../../src/report/result.ts';

const play: PlayFacts = {
  seed: 's',
  nodes: 3,
  variant: null,
  companions: [],
  notApplicable: [],
  plays: 1,
  steps: 12,
  fingerprint: '0123456789abcdef',
  virtualMicros: 1_200_000,
  virtualMicrosOfAll: 1_200_000,
  messages: 8,
  bytes: 368,
  entriesCommitted: 1,
  skipped: [],
  command: 'raft-sim scenario run x.yaml',
};

const failure: FailureFacts = {
  kind: 'expectation',
  line: 6,
  column: 36,
  what: 'expect: logs: n2',
  excerpt: ['  - expect: { logs: { n2: 1 1 } }', '                      ^'],
  expected: 'n2 log 1 1',
  found: 'n2 log 1',
  promise: null,
  lastSteps: ['  #1 a step'],
  servers: ['  node  role', '  n1    leader'],
  nodes: [],
};

export const passed = (file: string, more: Partial<ScenarioResult> = {}): ScenarioResult => ({
  ...notRun(file),
  name: `the story of ${file}`,
  outcome: 'passed',
  play,
  realMillis: 12.3,
  ...more,
});

export const failed = (file: string, more: Partial<FailureFacts> = {}): ScenarioResult => ({
  ...passed(file),
  outcome: 'failed',
  failure: { ...failure, ...more },
});

export const broken = (file: string): ScenarioResult =>
  failed(file, {
    kind: 'promise',
    what: 'log-matching is broken',
    promise: { property: 'log-matching', why: 'n1 & n2 <differ>', step: 12, at: 5 },
  });

export const wrong = (file: string, mistakes = 1): ScenarioResult =>
  mistaken(file, {
    lines: [`${file}:3:1: unknown key "sed"`, 'sed: 1', '^', 'did you mean seed?'],
    inFile: Array.from({ length: mistakes }, (_, i) => ({
      line: 3 + i,
      column: 1,
      message: 'unknown key "sed"',
      suggestion: 'seed',
    })),
  });

export const defective = (file: string): ScenarioResult =>
  defectOf(file, { message: 'planted', stack: '', command: `raft-sim scenario run ${file}` });
