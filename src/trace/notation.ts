// How each kind of step is written: its sign and its words on a line, what the page on the notation says of it, and
// how it looks in a sequence diagram.
//
// A kind without a row does not compile. Only what a step shows by itself and what the recorder saw around it is used:
// an unknown detail is left out, not guessed.

import { nodeName, type NodeId } from '../base/ids.ts';
import { changeText } from '../protocol/configuration.ts';
import type { Message } from '../protocol/message.ts';
import { timerNames, timerTable } from '../protocol/timers.ts';
import type { Host } from '../sim/host.ts';
import type { Answer } from '../sim/process.ts';
import type { Step, StepKind, StepOf } from '../sim/step.ts';
import {
  answerWords,
  callName,
  keptWords,
  kindWords,
  linksWords,
  messageWords,
  nodeAt,
  oneLine,
  operationWords,
  signed,
} from './words.ts';

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

export interface StepNotation<Kind extends StepKind> {
  /** In front of what happened; what is lost on its way has the sign of a dropped message. */
  readonly sign: string;
  /** What the page on the notation says of it. */
  readonly meaning: string;
  /** What happened, if the kind alone does not say it. */
  action?(step: StepOf<Kind>, around: LineContext): string;
  /** Details of what happened. */
  detail?(step: StepOf<Kind>, around: LineContext): string;
  /**
   * What a sequence diagram shows: an arrow between two nodes, or a note over the node of the step; nothing if it is
   * left out.
   */
  readonly drawing?: '->>' | '--x' | ((step: StepOf<Kind>) => string | undefined);
}

const messageName = (step: StepOf<'deliver' | 'drop' | 'duplicate'>, { message }: LineContext): string =>
  (message === undefined ? undefined : kindWords(message)) ?? `message ${step.number}`;

const withTerm = (message: Message): string => `term ${message.term}, ${messageWords(message)}`;

const numbered = ({ kind, fault }: StepOf<'cut' | 'heal' | 'slow' | 'mend'>): string => `${kind} ${fault}`;

const itsName = ({ kind }: Step): string => kind;

function diskWords({ disk }: Host): string {
  const more = disk.cachedWrites > 0 ? `, ${disk.cachedWrites} cached` : '';
  return `disk term ${disk.hardState.term} log ${disk.lastIndex}${more}`;
}

export const notation: { readonly [Kind in StepKind]: StepNotation<Kind> } = {
  deliver: {
    sign: '←',
    meaning: 'a message arrives',
    action: (step, around) => `${nodeAt(step.from, around.message?.term)} ${messageName(step, around)}`,
    detail: (_step, { message }) => (message === undefined ? '' : messageWords(message)),
    drawing: '->>',
  },
  drop: {
    sign: '⊘',
    meaning: 'a message is gone: `lost` on the way, `cut` off, no room (`full`), or its receiver is `down`',
    action: (step, around) => `drop ${messageName(step, around)}`,
    detail: ({ reason }, { message }) => (message === undefined ? reason : `${reason}, ${withTerm(message)}`),
    drawing: '--x',
  },
  duplicate: {
    sign: '⇉',
    meaning: 'a message will arrive once more',
    action: (step, around) => `duplicate ${messageName(step, around)}`,
    detail: (_step, { message }) => (message === undefined ? '' : withTerm(message)),
  },
  timer: {
    sign: '⏲',
    meaning: `a timer expires: ${timerNames.map((name) => `\`${name}\``).join(', ')}`,
    action: ({ timer }) => timer,
    drawing: ({ timer }) => timerTable[timer].title,
  },
  durable: {
    sign: '▼',
    meaning: 'the oldest cached write is on disk now; shows what the disk holds, and how many writes are still cached',
    detail: (_step, { host }) => (host === undefined ? '' : diskWords(host)),
  },
  'write-failed': {
    sign: '!',
    meaning: 'the oldest cached write fails, as a `write error` or a `sync error`; the process stops',
    detail: ({ error, kept }, { cached }) => `${error} error, ${keptWords(kept, cached)}`,
    drawing: () => 'a write fails',
  },
  crash: {
    sign: '✗',
    meaning:
      'the process loses its memory, and of its cached writes all but those `kept`; `torn tail`: ' +
      'the next one is half there',
    detail: ({ kept, torn }, { cached }) => `${keptWords(kept, cached)}${torn && kept < cached ? ', torn tail' : ''}`,
    drawing: itsName,
  },
  wipe: { sign: '∅', meaning: 'the disk of a process that is down is emptied', drawing: itsName },
  damage: {
    sign: '¤',
    meaning:
      'a record on the disk of a process that is down goes bad: bits of it are `flipped`, another one was ' +
      '`misplaced` over it, or it is `lost`',
    detail: ({ record, how }) => `${record === 0 ? 'term and vote' : `entry ${record}`} ${how}`,
    drawing: itsName,
  },
  restart: {
    sign: '↑',
    meaning: 'the process boots from its disk; `life 2` is its second start. On a wiped or damaged disk it stays away',
    detail(_step, { host }) {
      if (host === undefined) return '';
      return host.unservable === undefined ? `life ${host.life}` : `disk ${host.unservable}: stays away`;
    },
    drawing: ({ at, kind }) => (at === 0 ? undefined : kind),
  },
  pause: { sign: '‖', meaning: 'the process stands still and keeps its memory', drawing: itsName },
  resume: { sign: '▷', meaning: 'the paused process goes on', drawing: itsName },
  cut: {
    sign: '≠',
    meaning: 'links are blocked: fault number, shape, links (`n1↔n2` is both directions)',
    action: numbered,
    detail: ({ shape, links }) => `${oneLine(shape)}: ${linksWords(links)}`,
  },
  heal: { sign: '=', meaning: 'the cut with this number ends', action: numbered },
  slow: {
    sign: '≈',
    meaning: 'messages take longer on these links: fault number, factor, links',
    action: numbered,
    detail: ({ factor, links }) => `×${factor}: ${linksWords(links)}`,
  },
  mend: { sign: '=', meaning: 'the slow spell with this number ends', action: numbered },
  clock: {
    sign: '◷',
    meaning: 'a clock changes its rate (parts per million off true time) and jumps',
    detail: ({ ratePpm, jump }) => `rate ${signed(ratePpm)} ppm, jump ${signed(jump)} µs`,
  },
  compact: {
    sign: '⊟',
    meaning: 'the process writes its machine out at once, as a snapshot that takes the place of its log',
    drawing: itsName,
  },
  send: {
    sign: '✎',
    meaning: 'a message is on its way that its sender never sent: who wrote the story did',
    action: ({ message }) => `send ${kindWords(message)}`,
    detail: ({ message }) => `${nodeName(message.from)}→${nodeName(message.to)}: ${withTerm(message)}`,
  },
  calm: {
    sign: '○',
    meaning: 'the faults are over; from here on the cluster must recover',
    detail: () => 'no more faults',
  },
  transfer: {
    sign: '⇝',
    meaning: 'a node is asked to hand over its lead to another one',
    detail: ({ target }) => `to ${nodeName(target)}`,
    drawing: ({ target }) => `hand over to ${nodeName(target)}`,
  },
  call: {
    sign: '←',
    meaning: "a client's call reaches a node",
    action: (step) => `${callName(step)} call`,
    detail: ({ operation }) => operationWords(operation),
    drawing: ({ operation }) => operationWords(operation),
  },
  'change-members': {
    sign: '±',
    meaning:
      'someone asks a node for other members: who is to vote, to learn, to leave; it takes the change or refuses it',
    action: () => 'change members',
    detail: ({ change }) => changeText(change),
    drawing: ({ change }) => changeText(change),
  },
  answer: {
    sign: '←',
    meaning: 'an answer reaches its client; `⊘` if it is lost',
    action({ number }, { answer }) {
      return answer === undefined ? `answer ${number}` : `${nodeName(answer.node)} ${callName(answer.answer)} answer`;
    },
    detail({ lost }, { answer }) {
      const words = answer === undefined ? '' : answerWords(answer.answer);
      return lost ? `lost${words === '' ? '' : `: ${words}`}` : words;
    },
  },
};

/** The row of a step, whatever its kind. */
export const notationOf = (step: Step): StepNotation<StepKind> => notation[step.kind] as StepNotation<StepKind>;
