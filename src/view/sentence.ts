// What happened in a step as a sentence in the paper's words, as the shrinker writes it beside the steps of a replay.
//
// It is made from what the server was before and after, when somebody asks for it. Steps that decide only when others
// come have no such sentence, and are told in the one-line notation.

import { logIndex, nodeName, NOBODY, type NodeId } from '../base/ids.ts';
import { Timer } from '../protocol/timers.ts';
import { nodeOf, stepTable, type Step, type StepRow } from '../sim/step.ts';
import { isMoving, plainKinds, plainMove, type Move, type MovingStep } from '../shrink/moves.ts';
import { sentenceOf } from '../shrink/explain.ts';
import type { NodeSnapshotBefore, Transition } from '../shrink/transition.ts';
import { oneLine } from '../trace/words.ts';
import type { History } from './history.ts';

/** The sentence of a step, with its full stop. */
export function stepSentence(history: History, number: number): string {
  if (number < 1) return 'Nothing has happened yet.';
  const step = history.step(number);
  const move = isMoving(step) && isKnown(history, step, number) ? moveOf(history, step, number) : undefined;
  const text = move === undefined ? '' : sentenceOf(move, transitionOf(history, number));
  return `${text === '' ? plainSentence(step) : text}${failureWords(history, step, number)}.`;
}

/** Whether it is known what the server of a step was: of another Raft it may not be. */
function isKnown(history: History, step: Step, number: number): boolean {
  const node = nodeOf(step);
  return node === undefined || history.server(node, number).role !== 'unknown';
}

/** That a handler failed in a step, which the paper has no words for. */
function failureWords(history: History, step: Step, number: number): string {
  const node = nodeOf(step);
  const thrown = node === undefined ? undefined : history.server(node, number);
  return thrown?.step === number && thrown.thrown !== undefined ? `, and stops: ${oneLine(thrown.thrown, 160)}` : '';
}

function plainSentence(step: Step): string {
  const row: StepRow = stepTable[step.kind];
  const meaning = `${row.meaning.charAt(0).toUpperCase()}${row.meaning.slice(1)}`;
  if ('from' in step) return `${meaning}, from ${nodeName(step.from)} to ${nodeName(step.to)}`;
  const node = nodeOf(step);
  return node === undefined ? meaning : `${nodeName(node)}: ${row.meaning}`;
}

function moveOf(history: History, step: MovingStep, number: number): Move | undefined {
  const cut = 'effects' in step && step.effects !== undefined ? { effects: step.effects } : {};
  switch (step.kind) {
    case 'deliver':
    case 'duplicate': {
      const flight = history.flight(number);
      if (flight === undefined) return undefined;
      return { act: step.kind, id: 0, message: flight.message, origin: 0, ...cut };
    }
    case 'timer':
      return { act: 'timer', id: 0, node: step.node, timer: step.timer, ...cut };
    case 'durable':
      return { act: 'durable', id: 0, node: step.node, ...cut };
    case 'write-failed':
      return { act: 'write-failed', id: 0, node: step.node, error: step.error, kept: step.kept };
    case 'send':
      return { act: 'send', id: 0, message: step.message };
    case 'crash':
      return { act: 'crash', id: 0, node: step.node, kept: step.kept, torn: step.torn };
    case 'call': {
      const { node, client, sequence, operation } = step;
      return { act: 'call', id: 0, node, client, sequence, operation, ...cut };
    }
    case 'transfer':
      return { act: step.kind, id: 0, node: step.node, target: step.target, ...cut };
    case 'change-members':
      return { act: step.kind, id: 0, node: step.node, change: step.change, ...cut };
    case 'answer':
      return { act: 'answer', id: 0, client: step.client, sequence: history.answer(number)?.answer.sequence ?? 0 };
    default:
      return plainKinds.includes(step.kind) ? plainMove(step, 0) : undefined;
  }
}

function transitionOf(history: History, number: number): Transition | undefined {
  const node = nodeOf(history.step(number));
  if (node === undefined) return undefined;
  return {
    before: snapshotAt(history, node, number - 1),
    after: snapshotAt(history, node, number),
    sent: history.sentIn(number).map(({ message }) => message),
    isAgain: isAgain(history, number),
  };
}

function snapshotAt(history: History, node: NodeId, step: number): NodeSnapshotBefore {
  const moment = history.server(node, step);
  const isUp = moment.status !== 'down';
  const { term, votedFor, lastIndex } = moment.disk;
  const log = history.log(node, isUp ? 'memory' : 'disk');
  const length = isUp ? moment.lastIndex : lastIndex;
  const terms = Array.from({ length }, (_, i) => log.entryAt(logIndex(i + 1), step)?.term ?? 0);
  const base = terms.filter((one) => one === 0).length;
  return {
    isUp,
    role: moment.role === 'down' || moment.role === 'unknown' ? 'follower' : moment.role,
    term: isUp ? moment.term : term,
    votedFor: isUp ? moment.votedFor : votedFor,
    heard: (moment.armed & (1 << Timer.leaderContact)) === 0 ? NOBODY : moment.leader,
    lastIndex: length,
    commitIndex: moment.commitIndex,
    // What only a snapshot has held stands in no picture.
    base,
    snapshotIndex: base,
    log: terms,
    disk: { term, votedFor, lastIndex },
  };
}

/** The same message arrived before, or the same call came before. */
function isAgain(history: History, number: number): boolean {
  const step = history.step(number);
  if (step.kind === 'deliver') {
    return history.flight(number)?.endings.some((ending) => ending.step < number && !ending.isLost) ?? false;
  }
  if (step.kind !== 'call') return false;
  const { client, sequence } = step;
  for (let i = 1; i < number; i++) {
    const one = history.step(i);
    if (one.kind === 'call' && one.client === client && one.sequence === sequence) return true;
  }
  return false;
}
