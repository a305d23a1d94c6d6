// Which goals a change of the configuration at one server reaches (section 6; thesis 4.1, 4.2).
//
// Looked at only where a configuration is another one than before; a goal says what happened, not whether it was right.

import { logIndex, type NodeId } from '../base/ids.ts';
import { configurationOf, isJoint, isVoter, type Configuration } from '../protocol/configuration.ts';
import type { Host } from '../sim/host.ts';
import type { LogView } from '../sim/process.ts';

/** The goals that are about members. */
export const memberGoalTable = {
  'joint-begun': 'a leader began a change by joint consensus',
  'joint-finished': 'a leader went on from a joint configuration to the new one',
  'joint-inherited': 'a leader finished a joint change that another one had begun',
  'voter-added': 'a leader added a voter in a single step',
  'voter-removed': 'a leader removed a voter in a single step',
  'learner-promoted': 'a learner was made a voter',
  'configuration-rolled-back': 'a server cut a configuration from its log, and went back to the one before',
  'leader-removed': 'a leader stepped down because its own removal was committed',
  'change-refused': 'a wish for other members was refused',
} as const satisfies Record<string, string>;

export type MemberGoal = keyof typeof memberGoalTable;

/** Tells what a server's new configuration means; `isCut`: entries of its log are gone. */
export function noteMembers(
  host: Host,
  before: Configuration,
  isCut: boolean,
  reach: (goal: MemberGoal) => void,
): void {
  const { role, configuration: now, log } = host.process.probe;
  if (isCut) return reach('configuration-rolled-back');
  if (role !== 'leader') return;
  if (before.learners.some((id) => now.voters.includes(id) && !isVoter(before, id))) reach('learner-promoted');
  if (isJoint(now)) return reach('joint-begun');
  if (isJoint(before)) {
    reach('joint-finished');
    if (termOfJoint(log) < log.lastTerm) reach('joint-inherited');
    return;
  }
  if (hasOther(now.voters, before.voters)) reach('voter-added');
  if (hasOther(before.voters, now.voters)) reach('voter-removed');
}

const hasOther = (ids: readonly NodeId[], others: readonly NodeId[]): boolean => ids.some((id) => !others.includes(id));

/** The term of the joint configuration before the last entry. */
function termOfJoint(log: LogView): number {
  for (let i = log.lastIndex - 1; i > log.base; i--) {
    const entry = log.entryAt(logIndex(i));
    if (configurationOf(entry.command) !== undefined) return entry.term;
  }
  return log.lastTerm;
}
