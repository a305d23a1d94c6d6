// Which steps stand on which row of the picture: a row for each step, or one for many that change nothing.
//
// A step is quiet if no server became anything else by it and it is no fault, no call and no answer that says yes:
// heartbeats, their answers, writes that reach the disk. Steps in a row that are quiet fold into one, which says how
// many they are. What a kind of message or step is called plays no part.

import { formOf } from '../protocol/messages/text.ts';
import { nodeOf, stepTable, type Step, type StepRow } from '../sim/step.ts';
import type { History } from './history.ts';

export interface Rows {
  readonly count: number;
  /** By row: its first step. */
  readonly first: Int32Array;
  /** By step, from 1: its row. */
  readonly ofStep: Int32Array;
}

/** A run with fewer steps is shown whole unless its reader wants it folded. */
export const FOLD_FROM = 60;

export const stepsOn = (rows: Rows, row: number): number =>
  (row + 1 < rows.count ? (rows.first[row + 1] as number) : rows.ofStep.length) - (rows.first[row] as number);

/** Rows of a run; `open` steps are never folded. */
export function rowsOf(history: History, isFolded: boolean, open: ReadonlySet<number> = new Set()): Rows {
  const { last } = history;
  const ofStep = new Int32Array(last + 1);
  const first: number[] = [];
  for (let step = 1; step <= last; step++) {
    const isQuietHere = isFolded && !open.has(step) && isQuiet(history, step);
    const goesOn = isQuietHere && step > 1 && !open.has(step - 1) && isQuiet(history, step - 1);
    if (!goesOn) first.push(step);
    ofStep[step] = first.length - 1;
  }
  return { count: first.length, first: Int32Array.from(first), ofStep };
}

/** Whether nothing came of a step that a reader would miss. */
export function isQuiet(history: History, number: number): boolean {
  const step = history.step(number);
  const row: StepRow = stepTable[step.kind];
  if (row.fault !== undefined || isEndOfFault(step)) return false;
  if (hasChanged(history, number)) return false;
  if (step.kind === 'call') return true;
  if (step.kind === 'answer') return step.lost || history.answer(number)?.answer.outcome !== 'ok';
  const message = history.flight(number)?.message;
  return message === undefined || formOf(message).isSpare;
}

const ends = new Set(Object.values(stepTable).flatMap((row: StepRow) => row.undoneBy ?? []));
const isEndOfFault = ({ kind }: Step): boolean => ends.has(kind);

/** Whether a server became something else in a step: its role, term, vote, log, snapshot, members, commit index. */
export function hasChanged(history: History, number: number): boolean {
  const node = nodeOf(history.step(number));
  if (node === undefined) return false;
  const after = history.server(node, number);
  if (after.step !== number) return false;
  const before = history.server(node, number - 1);
  return (
    after.role !== before.role ||
    after.status !== before.status ||
    after.term !== before.term ||
    after.votedFor !== before.votedFor ||
    after.commitIndex !== before.commitIndex ||
    after.unservable !== before.unservable ||
    after.base !== before.base ||
    after.configuration !== before.configuration ||
    after.lastIndex !== before.lastIndex ||
    after.thrown !== undefined ||
    history.log(node, 'memory').since(after.lastIndex, number) === number
  );
}
