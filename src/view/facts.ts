// The two facts of a broken promise, each with the step at which it came to be.
//
// A promise names its facts in one sentence and knows the step of the second. The first is found again in the run: what
// the sentence says of servers, terms and entries is looked for in what the servers were. A sentence that no finder
// knows marks its last step only.

import { configurationText } from '../protocol/configuration.ts';
import type { BrokenPromise } from '../run/simulate.ts';
import { nodeOf } from '../sim/step.ts';
import type { History } from './history.ts';
import { hasChanged } from './rows.ts';

export interface MarkedFact {
  readonly step: number;
  /** The server or, below 0, nobody whose lane is marked. */
  readonly node: number;
  readonly text: string;
}

interface Around {
  readonly history: History;
  /** The step that broke the promise. */
  readonly end: number;
}

type Find = (around: Around, ...words: string[]) => readonly MarkedFact[];

/** Sentences of the promises, each with how its first fact is found; the first that fits is taken. */
const finders: readonly (readonly [sentence: RegExp, find: Find])[] = [
  [/entry (\d+) was committed in term (\d+)/, (around, entry) => [commitOf(around, Number(entry))]],
  [/up to entry (\d+) than the one that was committed/, (around, entry) => [commitOf(around, Number(entry))]],
  [/commits entry (\d+) with another log/, (around, entry) => [commitOf(around, Number(entry))]],
  [
    /(n\d+) and (n\d+) were both elected leader of term (\d+)/,
    (around, one, other, term) => [one, other].map((name) => leaderOf(around, placeOf(name), Number(term))),
  ],
  [
    /(n\d+) votes for .* in term (\d+), in which it voted for (n\d+)/,
    (around, voter, term, before) => [voteOf(around, placeOf(voter), Number(term), placeOf(before))],
  ],
  [
    /(n\d+) and (n\d+) both hold an entry (\d+) of term/,
    (around, one, other, index) =>
      [one, other].map((name) => entryOf(around, placeOf(name), Number(index), `${name} took entry ${index}`)),
  ],
  [
    /(n\d+) applied an entry (\d+) of term (\d+), (n\d+) applies/,
    (around, first, index) => [applicationOf(around, placeOf(first), Number(index))],
  ],
  [
    /(n\d+) .*of term (\d+), but its disk says/,
    (around, node, term) => [writeOf(around, placeOf(node)), termOf(around, placeOf(node), Number(term))],
  ],
  [/(n\d+) .*but its disk says/, (around, node) => [writeOf(around, placeOf(node))]],
  [
    /(n\d+) (?:votes|would vote) for .*, but it heard (n\d+)/,
    (around, node, leader) => [contactOf(around, placeOf(node), placeOf(leader))],
  ],
  [
    /(n\d+) commits entry (\d+), which is durable on/,
    (around, node, index) => [entryOf(around, placeOf(node), Number(index), `${node} took entry ${index}`)],
  ],
  [/(n\d+) acknowledges entry (\d+), but/, (around, node) => [writeOf(around, placeOf(node))]],
  [
    /(n\d+) commits entry (\d+) by counting/,
    (around, node, index) => [entryOf(around, placeOf(node), Number(index), `${node} took entry ${index}`)],
  ],
  [/no longer holds entry (\d+), which was committed/, (around, index) => [commitOf(around, Number(index))]],
  [/but entry (\d+) was committed when it came/, (around, index) => [commitOf(around, Number(index))]],
  [/snapshot of (\d+) entries, but others were committed/, (around, index) => [commitOf(around, Number(index))]],
  [/but after entry (\d+) the state was/, (around, index) => [firstApplicationOf(around, Number(index))]],
  [
    /(n\d+) (?:leads term .*and appends configuration \d+, but the one|uses the configuration .*) at (\d+)/,
    (around, node, index) => [entryOf(around, placeOf(node), Number(index), `${node} took configuration ${index}`)],
  ],
  [
    /(n\d+) (?:leads term (?:.* by the votes of|.* two configurations)|stands for election .*, but does not vote)/,
    (around, node) => [membersOf(around, placeOf(node))],
  ],
  [
    /(n\d+) holds a lease in term (\d+), but (n\d+) was elected in term (\d+)/,
    (around, holder, before, leader, term) => [
      leaderOf(around, placeOf(holder), Number(before)),
      leaderOf(around, placeOf(leader), Number(term)),
    ],
  ],
  [/takes over|to take over in term|hands over to|is told to take over/, (around) => [transferIn(around)]],
  [
    /(n\d+) believes that (n\d+) holds .* but durable there/,
    (around, _, follower) => [writeOf(around, placeOf(follower))],
  ],
  [/(n\d+) takes a request of n\d+ that verifies/, (around, node) => [arrivalAt(around, placeOf(node))]],
  [
    /(n\d+) stopped in the middle of a step/,
    (around, node) => [arrivalAt(around, placeOf(node)), ...changeBefore(around.history, around.end, placeOf(node))],
  ],
  [/(n\d+) leads term (\d+)/, (around, node, term) => [leaderOf(around, placeOf(node), Number(term))]],
  [/(n\d+) commits entry \d+, but no leader/, (around, node) => [arrivalAt(around, placeOf(node))]],
  [
    /executes command (\d+) of c(\d+) /,
    (around, sequence, client) => [callOf(around, Number(client) - 1, Number(sequence))],
  ],
  [
    /but has sent messages of term (\d+)/,
    ({ history, end }, term) => {
      const flight = history.flights.find(({ message }) => message.term === Number(term));
      return [{ step: flight?.sentAt ?? end, node: flight?.message.from ?? -1, text: `it told of term ${term}` }];
    },
  ],
];

const placeOf = (name: string | undefined): number => Number(name?.slice(1)) - 1;

/** The facts of a violation, in the order of their steps; the last one is the step that broke the promise. */
export function factsOf(history: History, violation: BrokenPromise): MarkedFact[] {
  const { why, step: end } = violation;
  const [sentence = why] = why.split('\n');
  const found = callsIn(history, why);
  for (const [pattern, find] of found.length > 0 ? [] : finders) {
    const [, ...words] = pattern.exec(sentence) ?? [];
    if (words.length === 0 && !pattern.test(sentence)) continue;
    found.push(...find({ history, end }, ...words));
    break;
  }
  const last = end >= 1 && end <= history.last ? nodeOf(history.step(end)) : undefined;
  const known = found.filter(({ step }) => step > 0 && step < end);
  const facts = (known.length > 0 ? known : changeBefore(history, end, last)).toSorted((a, b) => a.step - b.step);
  return [...facts, { step: end, node: last ?? -1, text: sentence }];
}

/** Calls that a sentence about a history names by their steps. */
function callsIn(history: History, why: string): MarkedFact[] {
  return Array.from(why.matchAll(/^ {2}steps (\d+)…(?:\d+|\?) {2}(.*)$/gm), ([, step, text]) => ({
    step: Math.min(Number(step), history.last),
    node: -1,
    text: (text ?? '').trim(),
  }));
}

/** Where no finder helps: what the server became before. */
function changeBefore(history: History, end: number, node: number | undefined): MarkedFact[] {
  if (node === undefined) return [];
  const before = history.momentsOf(node).findLast(({ step }) => step > 0 && step < end && hasChanged(history, step));
  return before === undefined ? [] : [{ step: before.step, node, text: `what n${node + 1} became before` }];
}

function firstMoment(
  { history, end }: Around,
  node: number,
  text: string,
  isMeant: (place: number) => boolean,
): MarkedFact {
  const moments = Number.isInteger(node) && node >= 0 && node < history.servers ? history.momentsOf(node) : [];
  const place = moments.findIndex(({ step }, i) => step <= end && isMeant(i));
  return { step: moments[place]?.step ?? 0, node, text };
}

function commitOf(around: Around, index: number): MarkedFact {
  const { history } = around;
  const all = Array.from({ length: history.servers }, (_, node) =>
    firstMoment(around, node, `entry ${index} is committed`, (i) => {
      const moment = history.momentsOf(node)[i];
      return moment !== undefined && moment.commitIndex >= index;
    }),
  ).filter(({ step }) => step > 0);
  return all.toSorted((a, b) => a.step - b.step)[0] ?? { step: 0, node: -1, text: '' };
}

function leaderOf(around: Around, node: number, term: number): MarkedFact {
  return firstMoment(around, node, `n${node + 1} was elected in term ${term}`, (i) => {
    const moment = around.history.momentsOf(node)[i];
    return moment?.role === 'leader' && moment.term === term;
  });
}

function voteOf(around: Around, voter: number, term: number, candidate: number): MarkedFact {
  return firstMoment(around, voter, `n${voter + 1} voted for n${candidate + 1} in term ${term}`, (i) => {
    const moment = around.history.momentsOf(voter)[i];
    return moment?.term === term && moment.votedFor === candidate;
  });
}

function entryOf({ history, end }: Around, node: number, index: number, text: string): MarkedFact {
  return { step: history.log(node, 'memory').since(index, end), node, text };
}

function applicationOf(around: Around, node: number, index: number): MarkedFact {
  return firstMoment(around, node, `n${node + 1} applied entry ${index}`, (i) => {
    return (around.history.momentsOf(node)[i]?.applied ?? 0) >= index;
  });
}

function firstApplicationOf(around: Around, index: number): MarkedFact {
  const all = Array.from({ length: around.history.servers }, (_, node) => applicationOf(around, node, index));
  const known = all.filter(({ step }) => step > 0).toSorted((a, b) => a.step - b.step);
  return known[0] ?? { step: 0, node: -1, text: '' };
}

/** The last change of the members that a server goes by. */
function membersOf({ history, end }: Around, node: number): MarkedFact {
  const moments = history.momentsOf(node);
  const place = moments.findLastIndex(
    ({ step, configuration }, i) =>
      step < end && configuration !== undefined && configuration !== moments[i - 1]?.configuration,
  );
  const members = moments[place]?.configuration;
  const text = members === undefined ? '' : `n${node + 1} goes by the members ${configurationText(members)}`;
  return { step: moments[place]?.step ?? 0, node, text };
}

/** The last wish that a leader hand over. */
function transferIn({ history, end }: Around): MarkedFact {
  for (let step = end - 1; step > 0; step--) {
    const taken = history.step(step);
    if (taken.kind !== 'transfer') continue;
    const [leader, target] = [taken.node + 1, taken.target + 1];
    return { step, node: taken.node, text: `n${leader} is asked to hand over to n${target}` };
  }
  return { step: 0, node: -1, text: '' };
}

function termOf(around: Around, node: number, term: number): MarkedFact {
  return firstMoment(around, node, `n${node + 1} came to term ${term}`, (i) => {
    return around.history.momentsOf(node)[i]?.term === term;
  });
}

/** The last message of a leader that a server heard. */
function contactOf({ history, end }: Around, node: number, leader: number): MarkedFact {
  let step = 0;
  for (let number = 1; number < end; number++) {
    const taken = history.step(number);
    if (taken.kind === 'deliver' && taken.to === node && taken.from === leader) step = number;
  }
  return { step, node, text: `n${node + 1} heard n${leader + 1}` };
}

/** The last step that changed what is durable at a server. */
function writeOf({ history, end }: Around, node: number): MarkedFact {
  const moments = history.momentsOf(node);
  for (let i = moments.length - 1; i > 0; i--) {
    const [now, before] = [moments[i]?.disk, moments[i - 1]?.disk];
    const step = moments[i]?.step ?? 0;
    if (step >= end || now === undefined || before === undefined) continue;
    if (now.term !== before.term || now.votedFor !== before.votedFor || now.lastIndex !== before.lastIndex) {
      return { step, node, text: `what the disk of n${node + 1} holds` };
    }
  }
  return { step: 0, node, text: '' };
}

/** Where the message that a server acts on left. */
function arrivalAt({ history, end }: Around, node: number): MarkedFact {
  const flight = history.flight(end);
  return { step: flight?.sentAt ?? 0, node: flight?.message.from ?? node, text: 'the message that it acts on left' };
}

function callOf({ history }: Around, client: number, sequence: number): MarkedFact {
  const step = history.steps.findIndex(
    (one) => one?.kind === 'call' && one.client === client && one.sequence === sequence,
  );
  return { step: Math.max(step, 0), node: -1, text: `c${client + 1} calls command ${sequence}` };
}
