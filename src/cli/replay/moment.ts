// A cluster at one moment of a replay: its servers, their machines, what leaders believe, and what is on its way.
//
// It is what `--until` asks for, as text and as part of the JSON document.

import { clientName, nodeName } from '../../base/ids.ts';
import type { InFlightRecorder } from '../../trace/in-flight.ts';
import type { NodeSnapshot } from '../../trace/node-snapshot.ts';
import { answerWords, messageWords, oneLine } from '../../trace/words.ts';
import { row, tableLines, type RowShape } from '../ui/layout.ts';
import { nodeTable } from '../ui/node-table.ts';
import { countText } from '../ui/units.ts';

const VALUES_MAX = 8;
const IN_FLIGHT_MAX = 24;
const LABEL_WIDTH = 6;

export function momentLines(nodes: readonly NodeSnapshot[], inFlight: InFlightRecorder, page: RowShape): string[] {
  const shape = { ...page, labelWidth: LABEL_WIDTH };
  return [
    ...nodeTable(nodes, shape.paint, shape.width),
    ...titled('the machines', machineLines(nodes, shape), shape),
    ...nodes.flatMap((node) => followerLines(node, shape)),
    ...titled('on their way', inFlightLines(inFlight, shape), shape),
  ];
}

const titled = (title: string, lines: readonly string[], { paint }: RowShape): string[] =>
  lines.length === 0 ? [] : ['', `  ${paint.faint(title)}`, ...lines];

function machineLines(nodes: readonly NodeSnapshot[], shape: RowShape): string[] {
  return nodes.flatMap(({ node, machine: { applied, hash, values } }) => {
    const all = Object.entries(values ?? {}).map(([key, value]) => `${oneLine(key)} = "${oneLine(value)}"`);
    const more = all.length > VALUES_MAX ? [`… ${all.length - VALUES_MAX} more`] : [];
    const state = hash === null ? [] : [`state ${hash}`];
    return row(shape, node, [`applied ${applied}`, ...state, ...all.slice(0, VALUES_MAX), ...more].join(', '));
  });
}

function followerLines({ node, memory }: NodeSnapshot, shape: RowShape): string[] {
  const { followers = null, term = 0 } = memory ?? {};
  if (followers === null) return [];
  const rows = followers.map((of) => [of.node, String(of.nextIndex), String(of.matchIndex), of.mode]);
  const lines = tableLines([['node', 'next', 'match', 'mode'], ...rows], shape.width);
  return titled(`what ${node}, leader of term ${term}, believes`, lines, shape);
}

function inFlightLines({ messages, answers }: InFlightRecorder, shape: RowShape): string[] {
  const texts = [
    ...messages.map(({ message, number, copies }) => {
      const { kind, from, to, term } = message;
      const times = copies > 1 ? ` ×${copies}` : '';
      const link = `${nodeName(from)}→${nodeName(to)}`;
      return [link, `#${number} ${kind}${times}, term ${term}, ${messageWords(message)}`] as const;
    }),
    ...answers.map(({ node, answer }) => {
      const { client, sequence } = answer;
      return [`${nodeName(node)}→${clientName(client)}`, `call ${sequence}: ${answerWords(answer)}`] as const;
    }),
  ];
  const lines = texts.slice(0, IN_FLIGHT_MAX).flatMap(([link, text]) => row(shape, link, text));
  const left = texts.length - IN_FLIGHT_MAX;
  if (texts.length === 0) return row(shape, '', 'nothing');
  return left > 0 ? [...lines, ...row(shape, '', `and ${countText(left, 'more message', 'more messages')}`)] : lines;
}

/** What is on its way, for programs. */
export function inFlightJson({ messages, answers }: InFlightRecorder): object {
  return {
    messages: messages.map(({ message, number, copies }) => ({
      from: nodeName(message.from),
      to: nodeName(message.to),
      number,
      copies,
      kind: message.kind,
      term: message.term,
      text: messageWords(message),
    })),
    answers: answers.map(({ node, answer }) => ({
      from: nodeName(node),
      to: clientName(answer.client),
      sequence: answer.sequence,
      outcome: answer.outcome,
      text: answerWords(answer),
    })),
  };
}
