// A replay as one JSON document, for programs.
//
// Keys never change their meaning within a schema; new ones may come.

import type { Divergence, Side, Verification } from '../../run/verify.ts';
import type { Trace } from '../../trace/format.ts';
import type { InFlightRecorder } from '../../trace/in-flight.ts';
import { nodeSnapshots } from '../../trace/node-snapshot.ts';
import { version } from '../version.ts';
import { inFlightJson } from './moment.ts';

export interface ReplayFacts {
  readonly file: string;
  readonly trace: Trace;
  readonly verification: Verification;
  readonly isInterrupted: boolean;
  /** What is on its way, if the cluster is asked for. */
  readonly inFlight: InFlightRecorder | undefined;
}

export const replayOutcomes = ['interrupted', 'diverged', 'changed', 'reproduced', 'clean', 'stopped'] as const;

export function replayJson(facts: ReplayFacts): object {
  const { file, trace, verification, inFlight } = facts;
  const { divergence, run, simulation } = verification;
  const { world } = simulation;
  const { header, intact } = trace;
  return {
    schema: 'raft-sim/replay@1',
    version,
    file,
    recordedBy: header.version,
    kind: header.kind,
    intact,
    outcome: outcomeOf(facts),
    steps: world.steps,
    virtualMicros: world.now,
    fingerprint: world.fingerprint.toString(),
    divergence: divergence === undefined ? null : divergenceJson(divergence),
    violation: run?.violation ?? null,
    verdicts: run?.verdicts ?? null,
    nodes: inFlight === undefined ? null : nodeSnapshots(world.hosts),
    inFlight: inFlight === undefined ? null : inFlightJson(inFlight),
  };
}

function outcomeOf({ trace, verification, isInterrupted }: ReplayFacts): (typeof replayOutcomes)[number] {
  const { divergence, run } = verification;
  if (isInterrupted) return 'interrupted';
  if (divergence !== undefined) return 'diverged';
  if (!trace.intact) return 'changed';
  if (run === undefined) return 'stopped';
  return run.violation === undefined ? 'clean' : 'reproduced';
}

/** `told` is the key of what a side says since the first version of the document. */
function divergenceJson({ inTrace, here, ...place }: Divergence): object {
  const side = ({ text, ...rest }: Side): object => ({ told: text, ...rest });
  return { ...place, inTrace: side(inTrace), here: side(here) };
}
