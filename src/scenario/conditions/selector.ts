// Who is meant: `n1`, `leader`, `followers but n3`, `one of old`. Resolved when the step runs.
//
// A selector names nodes by what they are at that moment; a name that was given with `as` or `let` keeps its answer.
// The list of groups is the one behind the checker, the docs and the suggestions.

import { isMember, isQuorum, isVoter, type Configuration } from '../../protocol/configuration.ts';
import { UsageError } from '../../base/errors.ts';
import { nodeId, type NodeId } from '../../base/ids.ts';
import type { Host } from '../../sim/host.ts';
import type { World } from '../../sim/world.ts';

/** What groups are resolved against. */
export interface SelectorContext {
  readonly world: World;
  /** Who won elections so far, oldest first. */
  readonly elected: readonly NodeId[];
  /** The nodes behind a name that the scenario gave; undefined if it gave none. */
  named(name: string): readonly NodeId[] | undefined;
  /** A whole number below n, drawn from the scenario's seed. */
  draw(n: number): number;
}

interface Group {
  readonly meaning: string;
  members(state: SelectorContext): readonly NodeId[];
}

const idsOf = (hosts: readonly Host[]): NodeId[] => hosts.map((host) => host.id);
const where = (state: SelectorContext, holds: (host: Host) => boolean): NodeId[] =>
  idsOf(state.world.hosts.filter(holds));
const roleOf = (host: Host): string => (host.status === 'down' ? 'down' : host.process.probe.role);

/** The leader of the newest term. */
export function leaderOf(world: World): Host | undefined {
  let leader: Host | undefined;
  for (const host of world.hosts) {
    if (roleOf(host) !== 'leader') continue;
    if (leader === undefined || host.process.probe.currentTerm > leader.process.probe.currentTerm) leader = host;
  }
  return leader;
}

/** The configuration of the leader of the newest term; without one, that which the world began with. */
const configurationOf = (world: World): Configuration =>
  leaderOf(world)?.process.probe.configuration ?? world.configuration;

function oldLeader({ world, elected }: SelectorContext): readonly NodeId[] {
  const current = leaderOf(world)?.id;
  const old = elected.findLast((id) => id !== current);
  return old === undefined ? [] : [old];
}

/** The nodes that reach each other in both directions, directly or over others, and make up more than half. */
function majority({ world }: SelectorContext): readonly NodeId[] {
  const { nodes, network } = world;
  const joined = (a: number, b: number): boolean => !network.isCut(a * nodes + b) && !network.isCut(b * nodes + a);
  for (let first = 0; first < nodes; first++) {
    const found = [first];
    for (const one of found) {
      for (let other = 0; other < nodes; other++) {
        if (!found.includes(other) && joined(one, other)) found.push(other);
      }
    }
    const side = found.toSorted((a, b) => a - b).map(nodeId);
    if (isQuorum(configurationOf(world), side)) return side;
  }
  return [];
}

export const groupTable = {
  all: { meaning: 'every node', members: ({ world }) => idsOf(world.hosts) },
  leader: {
    meaning: 'the leader of the newest term',
    members: ({ world }) => {
      const leader = leaderOf(world);
      return leader === undefined ? [] : [leader.id];
    },
  },
  leaders: {
    meaning: 'every node that believes to lead',
    members: (state) => where(state, (h) => roleOf(h) === 'leader'),
  },
  followers: { meaning: 'every running follower', members: (state) => where(state, (h) => roleOf(h) === 'follower') },
  candidates: { meaning: 'every candidate', members: (state) => where(state, (h) => roleOf(h) === 'candidate') },
  'pre-candidates': {
    meaning: 'every node that asks whether it could win an election',
    members: (state) => where(state, (h) => roleOf(h) === 'pre-candidate'),
  },
  others: {
    meaning: 'every node but the leader of the newest term',
    members: (state) => where(state, (h) => h !== leaderOf(state.world)),
  },
  'old leader': { meaning: 'who won an election last before the leader of today', members: oldLeader },
  majority: { meaning: 'the side of a cut that more than half of the nodes are on', members: majority },
  minority: {
    meaning: 'every node that is not on the majority’s side',
    members: (state) => {
      const side = majority(state);
      return where(state, (host) => !side.includes(host.id));
    },
  },
  voters: {
    meaning: 'every node that votes in the configuration of the leader',
    members: (state) => where(state, ({ id }) => isVoter(configurationOf(state.world), id)),
  },
  learners: {
    meaning: 'every learner in the configuration of the leader',
    members: (state) => configurationOf(state.world).learners,
  },
  strangers: {
    meaning: 'every node that the configuration of the leader does not name',
    members: (state) => where(state, ({ id }) => !isMember(configurationOf(state.world), id)),
  },
  up: { meaning: 'every running node', members: (state) => where(state, (host) => host.status === 'up') },
  down: { meaning: 'every crashed node', members: (state) => where(state, (host) => host.status === 'down') },
  paused: { meaning: 'every paused node', members: (state) => where(state, (host) => host.status === 'paused') },
} as const satisfies Record<string, Group>;

export const groupNames: readonly string[] = Object.keys(groupTable);

const COUNTS: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, four: 4, five: 5 };

/** How many, drawn: any number of them, or fewer than half. */
type DrawnCount = 'some' | 'few';

interface Part {
  readonly name: string;
  /** How many of them, the first by number or drawn; Infinity: all; a word: drawn as well, and at least one. */
  readonly count: number | DrawnCount;
  readonly random: boolean;
}

/** `two of followers but n3` as its parts. */
export interface Selector {
  readonly text: string;
  readonly chosen: Part;
  readonly without: readonly Part[];
}

export function parseSelector(text: string): Selector {
  const [chosen, ...without] = text
    .trim()
    .split(/\s+but\s+/)
    .map(parsePart);
  if (chosen === undefined || chosen.name === '') throw new UsageError('a node is missing, expected a name such as n1');
  // `two of followers but n3`: n3 is left out before two are taken.
  return { text: text.trim(), chosen, without };
}

/** `followers`, `two of followers`, `random two of followers`, `random of followers`, `random some of followers`. */
const PART = /^(random )?(?:(\w+) of |(?<=random )of )?(.*)$/;

function parsePart(text: string): Part {
  const [, random, word, name = ''] = PART.exec(text.trim().replace(/\s+/g, ' ')) ?? [];
  const isRandom = random !== undefined;
  if (word === undefined) return { name, count: isRandom ? 1 : Infinity, random: isRandom };
  if (isRandom && (word === 'some' || word === 'few')) return { name, count: word, random: isRandom };
  const count = COUNTS[word] ?? (/^[1-9]$/.test(word) ? Number(word) : 0);
  if (count === 0) throw new UsageError(`${JSON.stringify(word)} of ${name}, expected one, two, three, four or five`);
  return { name, count, random: isRandom };
}

/** The names that a selector speaks of. */
export const namesIn = ({ chosen, without }: Selector): string[] => [chosen, ...without].map((part) => part.name);

/** The number of a node name, from 1; undefined for another word. */
export function nodeNumber(name: string): number | undefined {
  const [, number] = /^n([1-9]\d{0,5})$/.exec(name) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** The nodes that are meant now, in the order of their numbers; there may be none. */
export function resolve({ chosen, without }: Selector, state: SelectorContext): NodeId[] {
  const out = without.flatMap((part) => taken(part, membersOf(part.name, state), state));
  return taken(
    chosen,
    membersOf(chosen.name, state).filter((id) => !out.includes(id)),
    state,
  );
}

function membersOf(name: string, state: SelectorContext): readonly NodeId[] {
  const number = nodeNumber(name);
  if (number !== undefined) return [state.world.host(nodeId(number - 1)).id];
  const named = state.named(name);
  if (named !== undefined) return named;
  return Object.hasOwn(groupTable, name) ? groupTable[name as keyof typeof groupTable].members(state) : [];
}

function taken(part: Part, members: readonly NodeId[], state: SelectorContext): NodeId[] {
  if (!part.random) return members.slice(0, Number(part.count));
  const left = members.slice();
  const drawn: NodeId[] = [];
  const most = part.count === 'few' ? (left.length - 1) >>> 1 : left.length;
  const count = typeof part.count === 'number' ? part.count : most < 1 ? 0 : 1 + state.draw(most);
  while (drawn.length < count && left.length > 0) drawn.push(...left.splice(state.draw(left.length), 1));
  return drawn.toSorted((a, b) => a - b);
}
