// What was last seen of a process, and what changed since: the right-hand side of its lines.
//
// Logs are compared by the hash of their prefixes, so that a step costs what it changed and never the length of the
// log. What was seen outlives a crash: the first line of a new life tells what the process has lost.

import { logIndex, NOBODY, nodeName } from '../base/ids.ts';
import { configurationText, isSameConfiguration, type Configuration } from '../protocol/configuration.ts';
import type { Host } from '../sim/host.ts';
import type { LogView, Probe } from '../sim/process.ts';
import type { StepKind } from '../sim/step.ts';

export class NodeView {
  /** The host itself, once it was seen. */
  host: Host | undefined = undefined;
  private role: Probe['role'] | 'down' = 'down';
  private _term = 0;
  private votedFor = NOBODY;
  private leader = NOBODY;
  private commitIndex = 0;
  private configuration: Configuration | undefined = undefined;
  private _cached = 0;
  /** The place before the first entry, and the hash of each prefix from there on. */
  private base = 0;
  private prefixHashes: number[] = [0];
  private snapshotIndex = 0;

  /** Undefined while it is down. */
  get term(): number | undefined {
    return this.role === 'down' ? undefined : this._term;
  }

  /** Writes that were issued and are not durable. */
  get cached(): number {
    return this._cached;
  }

  /** The process is gone, and its cached writes with it. */
  crashed(): void {
    this.role = 'down';
    this._cached = 0;
  }

  /** Looks at a process after a step of this kind; returns what the step changed, in words. */
  look(host: Host, kind: StepKind): string[] {
    const { probe } = host.process;
    const changes: string[] = [];
    if (this.role === 'down') {
      this.leader = NOBODY;
      this.commitIndex = 0;
    }
    this.lookAtRole(probe, changes);
    this.lookAtLog(probe.log, changes, kind === 'restart' ? 'lost' : 'cut');
    this.lookAtMembers(probe, changes);
    this.lookAtSnapshot(probe, changes);
    if (probe.commitIndex !== this.commitIndex) changes.push(`commit ${probe.commitIndex}`);
    const before = kind === 'write-failed' ? 0 : this._cached - (kind === 'durable' ? 1 : 0);
    if (host.disk.cachedWrites > before) changes.push('persist');
    this.host = host;
    this.commitIndex = probe.commitIndex;
    this._cached = host.disk.cachedWrites;
    return changes;
  }

  private lookAtRole(probe: Probe, changes: string[]): void {
    const { role, currentTerm, votedFor, leader } = probe;
    const isNewTerm = currentTerm !== this._term;
    if (role !== this.role || (isNewTerm && role !== 'follower')) changes.push(`${role} of term ${currentTerm}`);
    else if (isNewTerm) changes.push(`term ${currentTerm}`);
    const isNewVote = votedFor !== this.votedFor || isNewTerm || this.role === 'down';
    if (isNewVote && votedFor !== NOBODY) changes.push(`vote ${nodeName(votedFor)}`);
    const isNewLeader = leader !== this.leader || isNewTerm;
    if (isNewLeader && leader !== NOBODY && role === 'follower') changes.push(`follows ${nodeName(leader)}`);
    this.role = role;
    this._term = currentTerm;
    this.votedFor = votedFor;
    this.leader = leader;
  }

  /** The configuration that it was born with says nothing new. */
  private lookAtMembers({ configuration }: Probe, changes: string[]): void {
    const before = this.configuration;
    this.configuration = configuration;
    if (before === undefined || isSameConfiguration(before, configuration)) return;
    changes.push(`members ${configurationText(configuration)}`);
  }

  private lookAtLog(log: LogView, changes: string[], lost: 'lost' | 'cut'): void {
    const before = this.base + this.prefixHashes.length - 1;
    const last = log.lastIndex;
    if (last === before && log.prefixHash === this.prefixHashes.at(-1)) {
      if (lost === 'lost' && last > 0) changes.push(`log ${last}@${log.lastTerm}`);
      this.forget(log);
      return;
    }
    const first = Math.max(this.base, log.base);
    let kept = Math.min(before, last);
    while (kept > first && log.prefixHashAt(logIndex(kept)) !== this.prefixHashes[kept - this.base]) kept--;
    if (kept < before) changes.push(`${lost} ${kept + 1 === before ? before : `${kept + 1}..${before}`}`);
    if (kept < log.base || kept < this.base) {
      this.base = log.base;
      this.prefixHashes = [log.prefixHashAt(log.base)];
      kept = log.base;
    } else this.prefixHashes.length = kept - this.base + 1;
    for (let i = kept + 1; i <= last; i++) this.prefixHashes.push(log.prefixHashAt(logIndex(i)));
    this.forget(log);
    changes.push(`log ${last}@${log.lastTerm}`);
  }

  /** What was compacted is compared no more. */
  private forget(log: LogView): void {
    if (log.base <= this.base) return;
    this.prefixHashes.splice(0, log.base - this.base);
    this.base = log.base;
  }

  private lookAtSnapshot({ snapshot }: Probe, changes: string[]): void {
    const lastIndex = snapshot?.lastIndex ?? 0;
    if (lastIndex !== this.snapshotIndex) changes.push(`snapshot ${lastIndex}@${snapshot?.lastTerm ?? 0}`);
    this.snapshotIndex = lastIndex;
  }
}
