// A run as one JSON document, for programs.
//
// Keys never change their meaning within a schema; new ones may come. What is true of the machine and not of the plan
// (real time, where the replay was written) is here as well and differs from run to run.

import { companionSentences } from '../../run/node-options.ts';
import { isLivenessOnly } from '../../run/properties.ts';
import type { Run } from '../../run/simulate.ts';
import { isBestEffort } from '../../systems/best-effort.ts';
import type { Signal } from '../exit-code.ts';
import { version } from '../version.ts';

export interface RunFacts {
  readonly run: Run;
  readonly realMillis: number;
  readonly signal: Signal | undefined;
  readonly replayFile: string | undefined;
  readonly command: string;
}

type RunOutcome = 'pass' | 'violation' | 'liveness' | 'interrupted';

export function runJson({ run, realMillis, signal, replayFile, command }: RunFacts): object {
  const { plan, violation } = run;
  return {
    schema: 'raft-sim/run@1',
    version,
    seed: plan.seed,
    nodes: plan.nodes,
    ...(plan.spares === undefined ? {} : { spares: plan.spares }),
    profile: plan.profile,
    variant: plan.variant,
    companions: companionSentences(plan),
    plan,
    fingerprint: run.fingerprint,
    steps: run.steps,
    virtualMicros: run.at,
    realMillis: Math.round(realMillis),
    outcome: outcomeOf(run, signal),
    ...(isBestEffort(plan.system) ? { repeats: false } : {}),
    violation:
      violation === undefined
        ? null
        : {
            property: violation.property,
            step: violation.step,
            at: violation.at,
            why: violation.why,
            replayFile: replayFile ?? null,
          },
    endedEarly: run.flood?.words ?? null,
    verdicts: run.verdicts,
    counters: run.counters,
    goals: run.goals,
    summary: run.summary,
    command,
  };
}

function outcomeOf(run: Run, signal: Signal | undefined): RunOutcome {
  if (signal !== undefined) return 'interrupted';
  if (run.violation === undefined) return 'pass';
  return isLivenessOnly([run.violation.property]) ? 'liveness' : 'violation';
}
