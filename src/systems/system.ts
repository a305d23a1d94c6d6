// A system: what can be run behind the port. Ours is one; a child process, a module and a script are others.
//
// A plan is plain data and names its system by a text. What the text means is decided once in each thread, by `open`,
// and remembered; everything that runs plans asks here. Nothing in this file starts a program or reads a file.

import { UsageError } from '../base/errors.ts';
import type { NodeId } from '../base/ids.ts';
import type { Capability } from '../protocol/capabilities.ts';
import type { Process } from '../sim/process.ts';

/** What a cluster is told before it boots; times are microseconds. */
export interface ClusterOptions {
  readonly nodes: number;
  readonly seed: string;
  readonly electionTimeoutMin: number;
  readonly electionTimeoutMax: number;
  readonly heartbeatInterval: number;
  readonly preVote: boolean;
  readonly checkQuorum: boolean;
  /** How many sessions of clients the machine knows that executes what a system applies; 0: any number. */
  readonly sessionsMax: number;
  /** What the clock of a server says, which drifts and jumps as the plan has it. */
  clockOf(node: NodeId): number;
}

/** A Raft that can be put behind the port. */
export interface System {
  /** How plans name it. */
  readonly name: string;
  /** What it calls itself. */
  readonly title: string;
  /** What its servers show; everything else stays *not applicable*. */
  readonly shows: readonly Capability[];
  /** One process for each server of a fresh cluster, in the order of their ids. */
  makeCluster(options: ClusterOptions): readonly Process[];
}

const known = new Map<string, System>();
let opener: ((name: string) => System) | undefined;

/** From now on plans may name this system. */
export function provideSystem(system: System): void {
  known.set(system.name, system);
}

/** How a system is opened that nobody has provided. */
export function openSystemsWith(open: (name: string) => System): void {
  opener = open;
}

/**
 * The system that a plan names.
 *
 * @throws UsageError if there is none of that name, and none can be opened.
 */
export function systemNamed(name: string): System {
  const found = known.get(name);
  if (found !== undefined) return found;
  if (opener === undefined) throw new UsageError(`there is no system ${JSON.stringify(name)}: define it first`);
  const system = opener(name);
  known.set(name, system);
  return system;
}
