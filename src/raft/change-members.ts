// How a change of the configuration begins (section 6; thesis 4.1): what a leader accepts, and why it refuses the rest.
//
// One change at a time: the one before must be committed, and so must an entry of the leader's own term. Single steps
// change one voter; with joint consensus both configurations count in between. What follows is in `membership.ts`.

import { afterChange, isJoint, isSameConfiguration, type MembershipChange } from '../protocol/configuration.ts';
import { appendConfiguration } from './membership.ts';
import { replicate } from './replication.ts';
import type { NodeState } from './state.ts';

/** Someone wants other members. */
export function onChangeMembers(node: NodeState, change: MembershipChange): void {
  const why = whyRefused(node, change);
  if (why !== undefined) return node.outbox.refuseChange(node.leader, why);
  const { configuration, options, rules } = node;
  appendConfiguration(
    node,
    rules.firstStep(configuration, afterChange(configuration, change), options.membership === 'joint'),
  );
  replicate(node);
}

function whyRefused(node: NodeState, change: MembershipChange): string | undefined {
  const { configuration, options, rules, log, commitIndex } = node;
  if (options.membership === 'off') return 'its configuration is fixed';
  if (node.role !== 'leader') return 'it does not lead';
  if (!rules.takesCommands(node.transferee)) return 'it hands over its lead';
  if (isJoint(configuration) || rules.isChangeUnderWay(node.configurationIndex, commitIndex)) {
    return 'another change is under way';
  }
  if (!rules.hasCommittedInTerm(log, commitIndex, node.currentTerm)) return 'no entry of its term is committed yet';
  const next = afterChange(configuration, change);
  if (next.voters.length === 0) return 'no voter would be left';
  if (isSameConfiguration(configuration, next)) return 'nothing would change';
  if (options.membership === 'single' && !rules.isSingleStep(configuration, next)) {
    return 'only one voter may change at a time';
  }
  return undefined;
}
