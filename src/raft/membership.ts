// Which configuration counts, and what follows from one (section 6; thesis 4.1 and 4.2).
//
// The last configuration in a log is in force from the moment it stands there, and no longer when its entry is cut
// (`NodeState.followLog`). Here is what a server may do under it, and what a leader does once it is committed. Every
// majority is counted in `protocol/configuration.ts`; how a change begins is in `change-members.ts`.

import { NOBODY } from '../base/ids.ts';
import { configurationCommand, isJoint, leaveJoint, type Configuration } from '../protocol/configuration.ts';
import type { NodeState } from './state.ts';
import { becomeFollower } from './term.ts';

/**
 * Thesis 4.2.1, 4.2.2: whether a server may stand for election. One that a change leaves out may until the change is
 * committed, and never counts itself.
 */
export function mayCampaign(node: NodeState): boolean {
  const { rules, id } = node;
  if (rules.mayStand(node.configuration, id)) return true;
  let index = node.configurationIndex;
  while (index > node.commitIndex) {
    index = node.log.configurationIndexBefore(index);
    if (rules.mayFinishChange(node.configurationAt(index), id)) return true;
  }
  return false;
}

/** A leader appends a configuration, which counts at once. */
export function appendConfiguration(node: NodeState, configuration: Configuration): void {
  node.append({ term: node.currentTerm, command: configurationCommand(configuration) });
}

/**
 * Section 6: a leader has committed something; if it was a configuration, the next step of its change is due, whoever
 * began it. True if an entry is to be sent.
 */
export function settleChange(node: NodeState): boolean {
  const { configuration, configurationIndex, log } = node;
  if (node.role !== 'leader' || configurationIndex > node.commitIndex) return false;
  if (isJoint(configuration)) {
    // Its log may not grow now (thesis 3.10); whoever takes over goes on with the change, or it does itself later.
    if (!node.rules.takesCommands(node.transferee)) return false;
    // A joint configuration that a snapshot holds is as old as the snapshot, at most (section 7).
    const index = configurationIndex > log.base ? configurationIndex : log.base;
    if (!node.rules.leavesJoint(log.termAt(index), node.currentTerm)) return false;
    appendConfiguration(node, leaveJoint(configuration));
    return true;
  }
  if (configurationIndex === 0 || node.rules.leadsOn(configuration, node.id)) return false;
  // Thesis 4.2.2: it has led to the end of its own removal, and not counted itself.
  node.leader = NOBODY;
  becomeFollower(node, node.currentTerm);
  return false;
}
