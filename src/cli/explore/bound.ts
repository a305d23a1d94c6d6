// The flags of a bound: how far a search goes, and what is asked of the cluster within.
//
// A mistake is named by its flag, with what was expected.

import { UsageError } from '../../base/errors.ts';
import { nodeId, nodeName, type NodeId } from '../../base/ids.ts';
import { changeText, type MembershipChange } from '../../protocol/configuration.ts';
import type { ExploreBound } from '../../explore/event.ts';
import { countText } from '../ui/units.ts';

export interface BoundFlags {
  readonly nodes?: number;
  readonly spares?: number;
  readonly terms?: number;
  readonly calls?: number;
  readonly messages?: number;
  readonly duplicates?: number;
  readonly crashes?: number;
  readonly snapshots?: number;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  readonly liveness?: boolean;
}

const NODES_MAX = 5;
const COUNT_MAX = 20;

export function boundOf(flags: BoundFlags): ExploreBound {
  const { nodes = 3, terms = 2, calls = 1, messages = 2, duplicates = 0, crashes = 0, snapshots = 0 } = flags;
  const within = (flag: string, value: number, min: number, max: number): void => {
    if (value < min || value > max) throw new UsageError(`${flag} is ${value}, expected ${min} to ${max}`);
  };
  within('--nodes', nodes, 1, NODES_MAX);
  within('--terms', terms, 1, COUNT_MAX);
  for (const [flag, value] of Object.entries({ calls, duplicates, crashes, snapshots })) {
    within(`--${flag}`, value, 0, COUNT_MAX);
  }
  within('--messages', messages, 1, COUNT_MAX);
  within('--spares', flags.spares ?? 0, 0, nodes - 1);
  return {
    nodes,
    terms,
    calls,
    messages,
    duplicates,
    crashes,
    snapshots,
    change: changeIn(flags, nodes),
    isFair: flags.liveness === true,
  };
}

function changeIn({ add = [], remove = [] }: BoundFlags, nodes: number): MembershipChange | undefined {
  if (add.length === 0 && remove.length === 0) return undefined;
  return { voters: add.map((name) => nodeIn('--add', name, nodes)), learners: [], removed: removedIn(remove, nodes) };
}

const removedIn = (names: readonly string[], nodes: number): NodeId[] =>
  names.map((name) => nodeIn('--remove', name, nodes));

function nodeIn(flag: string, name: string, nodes: number): NodeId {
  const ids = Array.from({ length: nodes }, (_, i) => nodeId(i));
  const found = ids.find((id) => nodeName(id) === name);
  if (found !== undefined) return found;
  throw new UsageError(`${flag} is ${JSON.stringify(name)}, expected one of ${ids.map(nodeName).join(', ')}`);
}

/** A bound in words. */
export function boundText(bound: ExploreBound): string {
  const { nodes, terms, calls, messages, duplicates, crashes, snapshots, change } = bound;
  return [
    countText(nodes, 'server'),
    countText(terms, 'term'),
    countText(calls, 'call'),
    `${countText(messages, 'message')} on their way`,
    countText(duplicates, 'duplicate'),
    countText(crashes, 'crash', 'crashes'),
    countText(snapshots, 'snapshot'),
    change === undefined ? 'no change of the members' : `one change: ${changeText(change)}`,
  ].join(', ');
}
