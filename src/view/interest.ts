// Where a run is worth a look: elections, cuts of a log, commits, faults, goals, and the broken promise.
//
// Each is found by what became of a server, or by the row of the step, so that a new kind of message or step needs
// nothing here.

import { nodeName } from '../base/ids.ts';
import type { GoalName } from '../check/goals.ts';
import { nodeOf, stepTable, type StepRow } from '../sim/step.ts';
import type { Film } from './film.ts';
import type { History } from './history.ts';

export type InterestKind = 'election' | 'truncation' | 'commit' | 'fault' | 'goal' | 'violation';

export interface Interest {
  readonly step: number;
  readonly kind: InterestKind;
  readonly text: string;
}

/** What is of interest in a run, in order; several may stand at one step. */
export function interestsIn({ history, goals, run }: Film): Interest[] {
  const goalAt = goalsByStep(goals);
  const found: Interest[] = [];
  for (let step = 1; step <= history.last; step++) {
    found.push(...ofStep(history, step));
    for (const goal of goalAt.get(step) ?? []) found.push({ step, kind: 'goal', text: goal });
  }
  const { violation } = run;
  if (violation !== undefined) {
    found.push({ step: violation.step, kind: 'violation', text: `${violation.property} is broken` });
  }
  return found.toSorted((a, b) => a.step - b.step);
}

/** Of each goal its first time only: a goal that is reached again and again is no news. */
function goalsByStep(goals: Film['goals']): Map<number, GoalName[]> {
  const byStep = new Map<number, GoalName[]>();
  for (const [goal, [first]] of goals) {
    if (first !== undefined) byStep.set(first, [...(byStep.get(first) ?? []), goal]);
  }
  return byStep;
}

function ofStep(history: History, number: number): Interest[] {
  const step = history.step(number);
  const { fault }: StepRow = stepTable[step.kind];
  const found: Interest[] = [];
  if (fault !== undefined) found.push({ step: number, kind: 'fault', text: fault[0] });
  const node = nodeOf(step);
  const after = node === undefined ? undefined : history.server(node, number);
  if (node === undefined || after === undefined || after.step !== number) return found;
  const before = history.server(node, number - 1);
  const name = nodeName(node);
  if (after.role === 'leader' && (before.role !== 'leader' || before.term !== after.term)) {
    found.push({ step: number, kind: 'election', text: `${name} leads term ${after.term}` });
  }
  const cut = cutBy(history, node, number);
  if (cut > 0) found.push({ step: number, kind: 'truncation', text: `${name} cuts its log from entry ${cut} on` });
  if (after.commitIndex > before.commitIndex && after.role === 'leader') {
    found.push({ step: number, kind: 'commit', text: `${name} commits entry ${after.commitIndex}` });
  }
  return found;
}

/** The first entry that a step took out of a log in memory; 0 if it took none. */
function cutBy(history: History, node: number, step: number): number {
  const before = history.server(node, step - 1);
  const after = history.server(node, step);
  if (before.status === 'down' || after.status === 'down' || before.lastIndex === 0) return 0;
  const log = history.log(node, 'memory');
  let cut = 0;
  for (let index = before.lastIndex; index > Math.max(before.base, after.base); index--) {
    if (log.entryAt(index, step) === log.entryAt(index, step - 1)) break;
    cut = index;
  }
  return cut;
}
