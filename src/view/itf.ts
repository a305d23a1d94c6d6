// A range of a run as a trace of states in the Informal Trace Format, for users of TLA+ and Apalache (ADR 15).
//
// The variables are those of Figure 2, by server, with the names of the paper. Each state is the cluster after a step.

import { nodeName, NOBODY, type NodeId } from '../base/ids.ts';
import type { History } from './history.ts';
import { restOfLine } from './picture-words.ts';
import { entryWords } from './state.ts';

const big = (value: number): object => ({ '#bigint': String(value) });

export function itfOf(history: History, from: number, to: number, source: string): string {
  const vars = ['step', 'event', 'role', 'currentTerm', 'votedFor', 'commitIndex', 'log'];
  const states = [];
  for (let step = Math.max(0, from - 1); step <= Math.min(to, history.last); step++) {
    states.push(stateOf(history, step, states.length));
  }
  const meta = {
    format: 'ITF',
    'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
    description: `written by raft-sim from ${source}`,
  };
  return `${JSON.stringify({ '#meta': meta, vars, states })}\n`;
}

function stateOf(history: History, step: number, index: number): object {
  const byServer = (of: (node: NodeId) => unknown): object => ({
    '#map': Array.from({ length: history.servers }, (_, node) => [nodeName(node as NodeId), of(node as NodeId)]),
  });
  const moment = (node: NodeId): ReturnType<History['server']> => history.server(node, step);
  const isDown = (node: NodeId): boolean => moment(node).status === 'down';
  return {
    '#meta': { index },
    step: big(step),
    event: step === 0 ? 'the beginning' : restOfLine(history.lines[step] ?? ''),
    role: byServer((node) => moment(node).role),
    currentTerm: byServer((node) => big(isDown(node) ? moment(node).disk.term : moment(node).term)),
    votedFor: byServer((node) => {
      const vote = isDown(node) ? moment(node).disk.votedFor : moment(node).votedFor;
      return vote === NOBODY ? 'nobody' : nodeName(vote);
    }),
    commitIndex: byServer((node) => big(moment(node).commitIndex)),
    log: byServer((node) => {
      const length = isDown(node) ? moment(node).disk.lastIndex : moment(node).lastIndex;
      return Array.from({ length }, (_, i) => {
        const entry = history.entry(node, i + 1, step);
        return { term: big(entry?.term ?? 0), command: entry === undefined ? '' : entryWords(entry.command) };
      });
    }),
  };
}
