// Operators: they ask for other members at any moment, several of them at once, whoever leads.
//
// A wish is made of what the asked server believes: it may be stale, and it may be refused. It always leaves a voter.

import { MILLISECOND, PERCENT, SECOND } from '../../base/units.ts';
import type { NodeId } from '../../base/ids.ts';
import { isVoter, type Configuration, type MembershipChange } from '../../protocol/configuration.ts';
import type { Host } from '../host.ts';
import { duration, odds } from '../parameter.ts';
import type { World } from '../world.ts';
import { between, fault } from './fault.ts';

const NOBODY_ELSE: readonly NodeId[] = Object.freeze([]);

export const membersWished = fault({
  meaning: 'operators ask servers for other members: to add, remove, replace, promote and demote',
  parameters: {
    changeEvery: duration('processes', 0, 'mean time between two wishes for other members'),
    secondWish: odds('processes', 250_000, 'another operator asks another server for something else at once'),
  },
  switch: 'changeEvery',
  shapedBy: [],
  steps: ['change-members'],
  profiles: { whole: { changeEvery: 600 * MILLISECOND } },
  campaign: {
    stream: 'change members',
    odds: 700_000,
    draw: (random) => ({
      changeEvery: between(random, 30 * MILLISECOND, 2 * SECOND),
      secondWish: random.chance(500_000) ? between(random, 5 * PERCENT, 80 * PERCENT) : 0,
    }),
  },
  strike: {
    stream: 'members',
    every: 'changeEvery',
    begin(striker, random, p) {
      const { world } = striker;
      wish(world, striker.victim(random), random.below(DICE));
      const isSecond = random.chance(p.secondWish);
      const subject = random.below(world.nodes);
      const number = random.below(DICE);
      // A step of its own: what the first one broke must end the run before it.
      return isSecond ? { after: 0, subject, number } : undefined;
    },
  },
  end({ world }, subject, number) {
    if (world.crashPending === undefined) wish(world, world.hosts[subject] as Host, number);
  },
});

/** One draw for a whole wish: three bits for its kind, nine for each of two servers, and one for each server. */
const DICE = 1 << 30;

function wish(world: World, host: Host, dice: number): void {
  if (host.status !== 'up' || host.crashPending) return;
  const kind = dice & 7;
  const one = ((dice >>> 3) & 511) % world.nodes;
  const other = ((dice >>> 12) & 511) % world.nodes;
  const some = (dice >>> 21) & ((1 << world.nodes) - 1);
  const { configuration } = host.process.probe;
  world.changeMembers(host, wishOf(configuration, world.nodes, { kind, one, other, some }));
}

interface Dice {
  readonly kind: number;
  readonly one: number;
  readonly other: number;
  /** A bit for each server. */
  readonly some: number;
}

function wishOf(configuration: Configuration, nodes: number, { kind, one, other, some }: Dice): MembershipChange {
  const { voters, learners } = configuration;
  const outside: NodeId[] = [];
  for (let id = 0; id < nodes; id++) if (!isVoter(configuration, id as NodeId)) outside.push(id as NodeId);
  const voter = voters[one % Math.max(1, voters.length)];
  const stranger = outside[other % Math.max(1, outside.length)];
  const learner = learners[other % Math.max(1, learners.length)] ?? stranger;
  const canShrink = voters.length > 1;
  switch (kind) {
    case 0:
    case 1:
      return change(stranger, undefined, undefined);
    case 2:
      return change(undefined, undefined, canShrink ? voter : undefined);
    case 3:
      return change(stranger, undefined, stranger === undefined ? undefined : voter);
    case 4:
      return change(undefined, stranger, undefined);
    case 5:
      return change(learner, undefined, undefined);
    case 6:
      return change(undefined, canShrink ? voter : undefined, undefined);
    default:
      return anyMembers(nodes, some, one);
  }
}

/** Members as the dice fell, at least one of them a voter. */
function anyMembers(nodes: number, some: number, atLeast: number): MembershipChange {
  const voters: NodeId[] = [];
  const removed: NodeId[] = [];
  for (let id = 0; id < nodes; id++) {
    if (((some >>> id) & 1) === 1 || id === atLeast) voters.push(id as NodeId);
    else removed.push(id as NodeId);
  }
  return { voters, learners: NOBODY_ELSE, removed };
}

const listOf = (id: NodeId | undefined): readonly NodeId[] => (id === undefined ? NOBODY_ELSE : [id]);

const change = (
  voter: NodeId | undefined,
  learner: NodeId | undefined,
  removed: NodeId | undefined,
): MembershipChange => ({ voters: listOf(voter), learners: listOf(learner), removed: listOf(removed) });
