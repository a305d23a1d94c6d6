// Abstract cluster states: what is left of a cluster's state when numbers, names and contents are taken away.
//
// Each server stands with its role and with how its term, log, commit index and vote stand to the others'. Two clusters
// that differ only in the names of their servers are in the same abstract state. Observes like a property, complains of
// nothing, and costs a few comparisons a step: only the server that moved is looked at anew, unless the best log, term
// or commit index changed.

import { mix } from '../base/hash.ts';
import { logIndex, type NodeId } from '../base/ids.ts';
import { isJoint, isSameConfiguration, isVoter, type Configuration } from '../protocol/configuration.ts';
import { roleCode } from '../protocol/roles.ts';
import type { Property } from '../check/property.ts';
import type { Host } from '../sim/host.ts';
import type { World } from '../sim/world.ts';
import { abstractNodeStates, abstractNodeStateOf } from './node-states.ts';

const DOWN = 0;

/** 0, 1, or more. */
const few = (n: number): number => (n > 2 ? 2 : n);

export class Coverage implements Property {
  readonly name = 'coverage';
  readonly mood = 'always';
  /** The hash of every abstract cluster state that was reached. */
  readonly clusterStates = new Set<number>();
  /** By number of the abstract node state: 1 if a server came to it. */
  readonly nodeStates: Uint8Array = new Uint8Array(abstractNodeStates.length);
  private world: World | undefined = undefined;
  private readonly codes: number[] = [];
  private readonly sorted: number[] = [];
  /** By server: the configuration that it uses, and its part of the code. */
  private readonly members: Configuration[] = [];
  private readonly memberCodes: number[] = [];
  /** The most up-to-date log (section 5.4.1), the newest term and the highest commit index. */
  private best: Host | undefined = undefined;
  private bestTerm = 0;
  private bestLength = 0;
  private bestPrefixHash = 0;
  private newestTerm = 0;
  private commit = 0;
  private last = 0;

  /** Looks at the whole cluster from here on. */
  observe(world: World): void {
    this.world = world;
    for (let i = 0; i < world.nodes; i++) this.codes.push(DOWN);
  }

  stepped: NonNullable<Property['stepped']> = (host) => {
    this.look(host);
    return undefined;
  };

  started: NonNullable<Property['started']> = (host) => {
    this.look(host);
    return undefined;
  };

  private look(host: Host): void {
    const world = this.world;
    if (world === undefined) return;
    const { log, currentTerm, commitIndex } = host.process.probe;
    const isBest = host === this.best;
    const overtakes =
      log.lastTerm > this.bestTerm || (log.lastTerm === this.bestTerm && log.lastIndex > this.bestLength);
    if (overtakes || (isBest && log.prefixHash !== this.bestPrefixHash)) {
      this.best = host;
      this.bestTerm = log.lastTerm;
      this.bestLength = log.lastIndex;
      this.bestPrefixHash = log.prefixHash;
    } else if (currentTerm <= this.newestTerm && commitIndex <= this.commit) {
      const code = this.codeOf(host);
      if (code === this.codes[host.id]) return;
      this.codes[host.id] = code;
      return this.note();
    }
    if (currentTerm > this.newestTerm) this.newestTerm = currentTerm;
    if (commitIndex > this.commit) this.commit = commitIndex;
    for (let i = 0; i < world.nodes; i++) this.codes[i] = this.codeOf(world.hosts[i] as Host);
    this.note();
  }

  private codeOf(host: Host): number {
    if (host.status === 'down') return DOWN;
    const { role, currentTerm, votedFor, commitIndex, log, configuration } = host.process.probe;
    const isPaused = host.status === 'paused';
    const termsBehind = few(this.newestTerm - currentTerm);
    const logCode = this.logCode(host);
    this.nodeStates[abstractNodeStateOf(roleCode(role) - 1, isPaused, termsBehind, logCode)] = 1;
    let code: number = roleCode(role);
    code = code * 2 + (isPaused ? 1 : 0);
    code = code * 3 + termsBehind;
    code = code * 3 + (votedFor < 0 ? 0 : votedFor === host.id ? 1 : 2);
    code = code * 3 + few(this.commit - commitIndex);
    code = code * 3 + few(log.lastIndex - commitIndex);
    code = code * 2 + (host.disk.cachedWrites > 0 ? 1 : 0);
    code = code * 4 + logCode;
    // With the members of the beginning it is what it was before there were others.
    if (this.members[host.id] !== configuration) this.noteMembers(host.id, configuration);
    const members = this.memberCodes[host.id] as number;
    return members === 0 ? code : mix(code, members);
  }

  private noteMembers(id: NodeId, configuration: Configuration): void {
    const first = this.world?.configuration;
    const isFirst = first !== undefined && isSameConfiguration(first, configuration);
    this.members[id] = configuration;
    this.memberCodes[id] = isFirst ? 0 : membersCode(configuration, id);
  }

  /** How a log stands to the best one: the same, one entry shorter, several, or parted from it. */
  private logCode(host: Host): number {
    const { log } = host.process.probe;
    const best = this.best;
    if (best === undefined || best.status === 'down') return 0;
    const bestLog = best.process.probe.log;
    const common = Math.min(log.lastIndex, bestLog.lastIndex);
    // What a snapshot stands for is the same everywhere.
    const isKnown = common >= log.base && common >= bestLog.base;
    if (isKnown && log.prefixHashAt(logIndex(common)) !== bestLog.prefixHashAt(logIndex(common))) return 3;
    return few(Math.abs(bestLog.lastIndex - log.lastIndex));
  }

  private note(): void {
    const sorted = this.sorted;
    for (let i = 0; i < this.codes.length; i++) {
      const code = this.codes[i] as number;
      let place = i;
      while (place > 0 && (sorted[place - 1] as number) > code) {
        sorted[place] = sorted[place - 1] as number;
        place--;
      }
      sorted[place] = code;
    }
    let hash = 0;
    for (let i = 0; i < this.codes.length; i++) hash = mix(hash, sorted[i] as number);
    if (hash === this.last) return;
    this.last = hash;
    this.clusterStates.add(hash);
  }
}

/** How a server stands in the configuration that it uses, and what that is like. */
function membersCode(configuration: Configuration, id: NodeId): number {
  const standing = isVoter(configuration, id) ? 2 : configuration.learners.includes(id) ? 1 : 0;
  return 1 + (standing * 2 + (isJoint(configuration) ? 1 : 0)) * 16 + configuration.voters.length;
}
