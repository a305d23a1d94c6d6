// The one-line notation of a step: who moved, what happened to it, what it became, what it sent.
//
// Text output, golden files, reports and error messages all speak it; `docs/notation.md` explains every symbol. What a
// kind of step says stands in `notation.ts`; here the pieces become a line.

import { clientName, clockText, nodeName, type Micros, type NodeId } from '../base/ids.ts';
import type { Message } from '../protocol/message.ts';
import type { Answer } from '../sim/process.ts';
import { nodeOf, type Step } from '../sim/step.ts';
import { notation, notationOf, type LineContext } from './notation.ts';
import { answerWords, callName, nodeAt, sentWords } from './words.ts';

const STEP_WIDTH = 7;
const SUBJECT_WIDTH = 8;
const ACTION_WIDTH = 26;

/** A step in three columns. */
export interface RenderedStep {
  readonly subject: string;
  readonly action: string;
  readonly detail: string;
}

export function stepInWords(step: Step, around: LineContext): RenderedStep {
  return {
    subject: subjectOf(step, around.term),
    action: actionOf(step, around),
    detail: notationOf(step).detail?.(step, around) ?? '',
  };
}

/** The whole line, without a line feed; `changes` is what the process became, `sends` what left it. */
export function stepLine(
  number: number,
  at: Micros,
  rendered: RenderedStep,
  changes: readonly string[],
  sends: readonly string[],
): string {
  const parts = rendered.detail === '' ? [] : [rendered.detail];
  if (changes.length > 0) parts.push(`⇒ ${changes.join(', ')}`);
  for (const send of sends) parts.push(`→ ${send}`);
  const place = `${`#${number}`.padEnd(STEP_WIDTH)} ${clockText(at)}`;
  const who = `${rendered.subject.padEnd(SUBJECT_WIDTH)} ${rendered.action.padEnd(ACTION_WIDTH)}`;
  return `  ${place}  ${who} ${parts.join('   ')}`.trimEnd();
}

/** What left a process in a step: alike messages together, then answers, each in the order of their first. */
export function sendsOf(messages: readonly Message[], answers: readonly Answer[]): string[] {
  const groups = new Map<string, Map<NodeId, number>>();
  for (const message of messages) {
    const words = sentWords(message);
    const receivers = groups.get(words) ?? new Map<NodeId, number>();
    groups.set(words, receivers);
    receivers.set(message.to, (receivers.get(message.to) ?? 0) + 1);
  }
  const sends = Array.from(groups, ([words, receivers]) => {
    const names = Array.from(receivers, ([to, count]) => (count > 1 ? `${nodeName(to)}×${count}` : nodeName(to)));
    return `${names.join(' ')} ${words}`;
  });
  for (const answer of answers) sends.push(`${callName(answer)} ${answerWords(answer)}`);
  return sends;
}

/** Whom the step happens to: a process with the term that it is in, a link, links, a client, or all. */
function subjectOf(step: Step, term: number | undefined): string {
  const node = nodeOf(step);
  if (node !== undefined) return nodeAt(node, term);
  if ('from' in step) return `${nodeName(step.from)}→${nodeName(step.to)}`;
  if ('fault' in step) return 'links';
  return 'client' in step ? clientName(step.client) : 'all';
}

function actionOf(step: Step, around: LineContext): string {
  const row = notationOf(step);
  const sign = 'lost' in step && step.lost ? notation.drop.sign : row.sign;
  return `${sign} ${row.action?.(step, around) ?? step.kind}`;
}
