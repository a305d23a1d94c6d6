// The one-line notation of a step: who moved, what happened to it, what it became, what it sent.
//
// Text output, golden files, reports and error messages all speak it; `docs/notation.md` explains every symbol. Only
// what a step shows by itself and what the recorder saw around it is used: an unknown detail is left out, not guessed.

import { unreachable } from '../base/errors.ts';
import { clientName, clockText, nodeName, type Micros, type NodeId } from '../base/ids.ts';
import type { Message } from '../protocol/message.ts';
import type { Host } from '../sim/host.ts';
import type { Answer } from '../sim/process.ts';
import type { Step, StepKind } from '../sim/step.ts';
import {
  answerWords,
  callName,
  keptWords,
  linksWords,
  messageWords,
  nodeAt,
  oneLine,
  operationWords,
  sentWords,
  signed,
} from './words.ts';

/** The sign in front of what happened; a lost answer has the one of a dropped message. */
export const stepSigns: Readonly<Record<StepKind, string>> = {
  deliver: '←',
  drop: '⊘',
  duplicate: '⇉',
  timer: '⏲',
  durable: '▼',
  'write-failed': '!',
  crash: '✗',
  wipe: '∅',
  restart: '↑',
  pause: '‖',
  resume: '▷',
  cut: '≠',
  heal: '=',
  slow: '≈',
  mend: '=',
  clock: '◷',
  calm: '○',
  call: '←',
  answer: '←',
};

/** What is known around a step besides its own data. */
export interface LineContext {
  /** The message that the step is about. */
  readonly message: Message | undefined;
  /** The answer that the step is about, and who gave it. */
  readonly answer: { readonly node: NodeId; readonly answer: Answer } | undefined;
  /** The term of the process before the step; undefined if it was down. */
  readonly term: number | undefined;
  /** The cached writes of the process before the step. */
  readonly cached: number;
  /** The process that moved, as it is after the step. */
  readonly host: Host | undefined;
}

const STEP_WIDTH = 7;
const SUBJECT_WIDTH = 8;
const ACTION_WIDTH = 26;

/** A step in three columns. */
export interface RenderedStep {
  readonly subject: string;
  readonly action: string;
  readonly detail: string;
}

export function tellStep(step: Step, around: LineContext): RenderedStep {
  return { subject: subjectOf(step, around.term), action: actionOf(step, around), detail: detailOf(step, around) };
}

/** The whole line, without a line feed; `changes` is what the process became, `sends` what left it. */
export function stepLine(
  number: number,
  at: Micros,
  told: RenderedStep,
  changes: readonly string[],
  sends: readonly string[],
): string {
  const parts = told.detail === '' ? [] : [told.detail];
  if (changes.length > 0) parts.push(`⇒ ${changes.join(', ')}`);
  for (const send of sends) parts.push(`→ ${send}`);
  const place = `${`#${number}`.padEnd(STEP_WIDTH)} ${clockText(at)}`;
  const who = `${told.subject.padEnd(SUBJECT_WIDTH)} ${told.action.padEnd(ACTION_WIDTH)}`;
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

/** The process that a step happens to, if it happens to one. */
export function nodeOf(step: Step): NodeId | undefined {
  if (step.kind === 'deliver') return step.to;
  return 'node' in step ? step.node : undefined;
}

function subjectOf(step: Step, term: number | undefined): string {
  switch (step.kind) {
    case 'drop':
    case 'duplicate':
      return `${nodeName(step.from)}→${nodeName(step.to)}`;
    case 'cut':
    case 'heal':
    case 'slow':
    case 'mend':
      return 'links';
    case 'calm':
      return 'all';
    case 'answer':
      return clientName(step.client);
    case 'deliver':
      return nodeAt(step.to, term);
    default:
      return nodeAt(step.node, term);
  }
}

function actionOf(step: Step, { message, answer }: LineContext): string {
  const { kind } = step;
  const sign = kind === 'answer' && step.lost ? stepSigns.drop : stepSigns[kind];
  switch (kind) {
    case 'deliver':
      return `${sign} ${nodeAt(step.from, message?.term)} ${message?.kind ?? `message ${step.number}`}`;
    case 'drop':
    case 'duplicate':
      return `${sign} ${kind} ${message?.kind ?? `message ${step.number}`}`;
    case 'timer':
      return `${sign} ${step.timer}`;
    case 'cut':
    case 'heal':
    case 'slow':
    case 'mend':
      return `${sign} ${kind} ${step.fault}`;
    case 'call':
      return `${sign} ${callName(step)} call`;
    case 'answer':
      if (answer === undefined) return `${sign} answer ${step.number}`;
      return `${sign} ${nodeName(answer.node)} ${callName(answer.answer)} answer`;
    default:
      return `${sign} ${kind}`;
  }
}

function detailOf(step: Step, around: LineContext): string {
  const { message, answer, cached, host } = around;
  switch (step.kind) {
    case 'deliver':
      return message === undefined ? '' : messageWords(message);
    case 'drop':
      return message === undefined ? step.reason : `${step.reason}, term ${message.term}, ${messageWords(message)}`;
    case 'duplicate':
      return message === undefined ? '' : `term ${message.term}, ${messageWords(message)}`;
    case 'durable':
      return host === undefined ? '' : diskWords(host);
    case 'write-failed':
      return `${step.error} error, ${keptWords(step.kept, cached)}`;
    case 'crash':
      return `${keptWords(step.kept, cached)}${step.torn && step.kept < cached ? ', torn tail' : ''}`;
    case 'restart':
      if (host === undefined) return '';
      return host.unservable === undefined ? `life ${host.life}` : `disk ${host.unservable}: stays away`;
    case 'cut':
      return `${oneLine(step.shape)}: ${linksWords(step.links)}`;
    case 'slow':
      return `×${step.factor}: ${linksWords(step.links)}`;
    case 'clock':
      return `rate ${signed(step.ratePpm)} ppm, jump ${signed(step.jump)} µs`;
    case 'calm':
      return 'no more faults';
    case 'call':
      return operationWords(step.operation);
    case 'answer': {
      const words = answer === undefined ? '' : answerWords(answer.answer);
      return step.lost ? `lost${words === '' ? '' : `: ${words}`}` : words;
    }
    case 'timer':
    case 'wipe':
    case 'pause':
    case 'resume':
    case 'heal':
    case 'mend':
      return '';
    default:
      return unreachable(step);
  }
}

function diskWords({ disk }: Host): string {
  const more = disk.cachedWrites > 0 ? `, ${disk.cachedWrites} cached` : '';
  return `disk term ${disk.hardState.term} log ${disk.lastIndex}${more}`;
}
