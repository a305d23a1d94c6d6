// How a change of the configuration begins (section 6; thesis 4.1, 4.2.1): what a leader accepts, and why it refuses
// the rest.
//
// One change at a time: the one before must be committed, and so must an entry of the leader's own term. Single steps
// change one voter; with joint consensus both configurations count in between. New voters may have to catch up first.
// What follows from a configuration is in `membership.ts`.

import type { NodeId } from '../base/ids.ts';
import {
  afterChange,
  isJoint,
  isSameConfiguration,
  type Configuration,
  type MembershipChange,
} from '../protocol/configuration.ts';
import { endCatchUp, isCaughtUp, newcomersOf, startCatchUp } from './catch-up.ts';
import { appendConfiguration } from './membership.ts';
import type { CatchUp } from './progress.ts';
import type { NodeState } from './state.ts';

/** Someone wants other members; true if an entry is to be sent. */
export function takeChange(node: NodeState, change: MembershipChange): boolean {
  const why = node.catchUp === undefined ? whyRefused(node, change) : UNDER_WAY;
  if (why !== undefined) {
    node.outbox.refuseChange(node.leader, why);
    return false;
  }
  const { configuration, options } = node;
  const newcomers = options.catchUp ? newcomersOf(configuration, afterChange(configuration, change)) : [];
  if (newcomers.length === 0) return beginChange(node, change);
  const learning = withLearners(configuration, newcomers);
  if (!isSameConfiguration(configuration, learning)) appendConfiguration(node, learning);
  startCatchUp(node, change, newcomers);
  return true;
}

/**
 * A follower has answered a leader: a change that waited for it begins, unless it has lost its sense meanwhile. True if
 * an entry is to be sent.
 */
export function continueChange(node: NodeState, catchUp: CatchUp): boolean {
  if (!isCaughtUp(node, catchUp)) return false;
  endCatchUp(node);
  return whyRefused(node, catchUp.change) === undefined && beginChange(node, catchUp.change);
}

function beginChange(node: NodeState, change: MembershipChange): true {
  const { configuration, options, rules } = node;
  const next = afterChange(configuration, change);
  appendConfiguration(node, rules.firstStep(configuration, next, options.membership === 'joint'));
  return true;
}

const UNDER_WAY = 'another change is under way';

function whyRefused(node: NodeState, change: MembershipChange): string | undefined {
  const { configuration, options, rules, log, commitIndex } = node;
  if (options.membership === 'off') return 'its configuration is fixed';
  if (node.role !== 'leader') return 'it does not lead';
  if (!rules.takesCommands(node.transferee)) return 'it hands over its lead';
  if (isJoint(configuration) || rules.isChangeUnderWay(node.configurationIndex, commitIndex)) return UNDER_WAY;
  if (!rules.hasCommittedInTerm(log, commitIndex, node.currentTerm)) return 'no entry of its term is committed yet';
  const next = afterChange(configuration, change);
  if (next.voters.length === 0) return 'no voter would be left';
  if (isSameConfiguration(configuration, next)) return 'nothing would change';
  if (options.membership === 'single' && !rules.isSingleStep(configuration, next)) {
    return 'only one voter may change at a time';
  }
  return undefined;
}

/** The configuration with these servers as learners, as far as they are no members. */
function withLearners(configuration: Configuration, ids: readonly NodeId[]): Configuration {
  const { learners } = configuration;
  const fresh = ids.filter((id) => !learners.includes(id));
  return afterChange(configuration, { voters: [], learners: fresh, removed: [] });
}
