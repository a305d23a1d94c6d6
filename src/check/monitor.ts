// The monitor: calls each property with what happened to the one process that moved, and keeps what is known of all.
//
// What changed in a step is found once, by comparing the process with what was known of it; most steps change nothing
// that any property asks about. The cost of a step does not depend on the number of servers or the length of the logs.

import { logIndex, type LogIndex } from '../base/ids.ts';
import { IntVector } from '../base/int-vector.ts';
import { NO_CONFIGURATION } from '../protocol/configuration.ts';
import { ZERO_INDEX, type Message } from '../protocol/message.ts';
import type { Call as ClientCall } from '../protocol/operation.ts';
import type { Snapshot } from '../protocol/snapshot.ts';
import type { Timer } from '../protocol/timers.ts';
import type { Host } from '../sim/host.ts';
import type { Observer, Violation } from '../sim/observer.ts';
import type { Answer, Applied, LogView } from '../sim/process.ts';
import type { Finding, Ghost, Known, Property } from './property.ts';

type Hook =
  | 'started'
  | 'received'
  | 'fired'
  | 'sent'
  | 'voted'
  | 'turned'
  | 'elected'
  | 'logChanged'
  | 'committed'
  | 'uncommitted'
  | 'installed'
  | 'snapshotChanged'
  | 'compacted'
  | 'applied'
  | 'asked'
  | 'served'
  | 'stepped'
  | 'threw';

/** The functions that listen to one hook, and whose they are: called as they are, without a look into the property. */
interface Listeners<H extends Hook> {
  readonly calls: readonly NonNullable<Property[H]>[];
  readonly names: readonly string[];
}

/** What is known before anything happened. */
export function freshGhost(nodes: number): Ghost {
  const known: Known[] = [];
  for (let i = 0; i < nodes; i++)
    known.push({
      role: 'down',
      term: 0,
      commitIndex: ZERO_INDEX,
      configuration: NO_CONFIGURATION,
      told: 0,
      base: 0,
      tail: [],
      snapshot: undefined,
      diskBase: 0,
    });
  const committed = new IntVector();
  const committedIn = new IntVector();
  const states = new IntVector();
  // Place 0 stands before the first entry.
  committed.push(0);
  committedIn.push(0);
  states.push(0);
  return { known, committed, committedIn, states };
}

export class Monitor implements Observer {
  violation: Violation | undefined = undefined;
  private readonly ghost: Ghost;
  private readonly hosts: readonly Host[];
  private readonly isExcused: ((property: string) => boolean) | undefined;
  private readonly _started: Listeners<'started'>;
  private readonly _received: Listeners<'received'>;
  private readonly _fired: Listeners<'fired'>;
  private readonly _sent: Listeners<'sent'>;
  private readonly voted: Listeners<'voted'>;
  private readonly turned: Listeners<'turned'>;
  private readonly uncommitted: Listeners<'uncommitted'>;
  private readonly threw: Listeners<'threw'>;
  private readonly elected: Listeners<'elected'>;
  private readonly logChanged: Listeners<'logChanged'>;
  private readonly committed: Listeners<'committed'>;
  private readonly _installed: Listeners<'installed'>;
  private readonly snapshotChanged: Listeners<'snapshotChanged'>;
  private readonly compacted: Listeners<'compacted'>;
  private readonly _applied: Listeners<'applied'>;
  private readonly _asked: Listeners<'asked'>;
  private readonly _served: Listeners<'served'>;
  private readonly _stepped: Listeners<'stepped'>;

  /**
   * With all hosts at hand it forgets what none of them can ask for any more; with `isExcused`, what a property finds
   * counts only as long as nothing excuses it.
   */
  constructor(
    ghost: Ghost,
    properties: readonly Property[],
    hosts: readonly Host[] = [],
    isExcused?: (property: string) => boolean,
  ) {
    this.ghost = ghost;
    this.hosts = hosts;
    this.isExcused = isExcused;
    this._started = listeners(properties, 'started');
    this._received = listeners(properties, 'received');
    this._fired = listeners(properties, 'fired');
    this._sent = listeners(properties, 'sent');
    this.voted = listeners(properties, 'voted');
    this.turned = listeners(properties, 'turned');
    this.uncommitted = listeners(properties, 'uncommitted');
    this.threw = listeners(properties, 'threw');
    this.elected = listeners(properties, 'elected');
    this.logChanged = listeners(properties, 'logChanged');
    this.committed = listeners(properties, 'committed');
    this._installed = listeners(properties, 'installed');
    this.snapshotChanged = listeners(properties, 'snapshotChanged');
    this.compacted = listeners(properties, 'compacted');
    this._applied = listeners(properties, 'applied');
    this._asked = listeners(properties, 'asked');
    this._served = listeners(properties, 'served');
    this._stepped = listeners(properties, 'stepped');
  }

  started(host: Host): void {
    const known = this.ghost.known[host.id] as Known;
    // What the disk lost is compared while the server still counts as down: nobody cut its log.
    this.look(host, known);
    known.role = 'follower';
    known.term = host.process.probe.currentTerm;
    known.configuration = host.process.probe.configuration;
    known.commitIndex = ZERO_INDEX;
    this.tell(this._started, host, undefined, undefined);
  }

  asked(host: Host, call: ClientCall): void {
    this.tell(this._asked, host, call, undefined);
  }

  served(host: Host, answer: Answer, index: LogIndex): void {
    this.tell(this._served, host, answer, index);
  }

  crashed(host: Host): void {
    const known = this.ghost.known[host.id] as Known;
    known.role = 'down';
    // Also for a life that ends while it begins.
    known.commitIndex = ZERO_INDEX;
  }

  received(host: Host, message: Message): void {
    this.tell(this._received, host, message, undefined);
  }

  fired(host: Host, timer: Timer): void {
    this.tell(this._fired, host, timer, undefined);
  }

  sent(host: Host, message: Message): void {
    const known = this.ghost.known[host.id] as Known;
    if (message.term > known.told) known.told = message.term;
    if (message.kind === 'RequestVote' || message.kind === 'RequestVoteReply') {
      this.tell(this.voted, host, message, undefined);
    } else if (message.kind === 'Foreign' && message.grants) this.tell(this.voted, host, message, undefined);
    const { calls, names } = this._sent;
    for (let i = 0; i < calls.length; i++) this.note((calls[i] as Call<'sent'>)(host, message), names[i]);
  }

  applied(host: Host, index: LogIndex, applied: Applied): void {
    const { calls, names } = this._applied;
    for (let i = 0; i < calls.length; i++) this.note((calls[i] as Call<'applied'>)(host, index, applied), names[i]);
    const { states } = this.ghost;
    if (index === states.length) states.push(applied.stateHash);
  }

  installed(host: Host, snapshot: Snapshot): void {
    this.tell(this._installed, host, snapshot, undefined);
  }

  stepped(host: Host): void {
    const known = this.ghost.known[host.id] as Known;
    const { probe } = host.process;
    const { role, currentTerm, commitIndex } = probe;
    this.look(host, known);
    if (role !== known.role || currentTerm !== known.term) this.turn(host, known);
    if (commitIndex > known.commitIndex) this.noteCommit(host, known.commitIndex);
    else if (commitIndex < known.commitIndex) {
      this.tell(this.uncommitted, host, known.commitIndex, undefined);
    }
    const { calls, names } = this._stepped;
    for (let i = 0; i < calls.length; i++) this.note((calls[i] as Call<'stepped'>)(host), names[i]);
    // Last: a promise of the protocol that the same step broke is named first.
    if (host.thrown !== undefined) {
      this.tell(this.threw, host, host.thrown, undefined);
    }
    known.role = role;
    known.term = currentTerm;
    known.commitIndex = commitIndex;
    known.configuration = probe.configuration;
  }

  /** Whether a log is what it was takes two comparisons to see; most steps change nothing. */
  private look(host: Host, known: Known): void {
    const { log } = host.process.probe;
    const seen = known.base + known.tail.length;
    if (log.lastIndex !== seen || log.prefixHash !== this.prefixHashSeen(known, seen))
      this.compareLogs(host, known, seen);
    const { snapshot } = host.process.probe;
    if (snapshot !== known.snapshot) {
      this.tell(this.snapshotChanged, host, known.snapshot, undefined);
      known.snapshot = snapshot;
    }
    if (host.disk.base !== known.diskBase) this.noteCompacted(host, known);
  }

  /** A disk lost the beginning of its log; what none of them holds any more is forgotten. */
  private noteCompacted(host: Host, known: Known): void {
    const { base } = host.disk;
    known.diskBase = base;
    if (base > known.base) {
      known.tail.splice(0, base - known.base);
      known.base = base;
    }
    let lowest: number = base;
    for (const { disk } of this.hosts) if (disk.lastIndex > 0 && disk.base < lowest) lowest = disk.base;
    if (this.hosts.length === 0 || lowest === 0) return;
    const { committed, committedIn, states } = this.ghost;
    committed.forgetBefore(lowest);
    committedIn.forgetBefore(lowest);
    states.forgetBefore(lowest);
    this.tell(this.compacted, host, logIndex(lowest), undefined);
  }

  private turn(host: Host, known: Known): void {
    this.tell(this.turned, host, undefined, undefined);
    const { role, currentTerm } = host.process.probe;
    if (role === 'leader' && (known.role !== 'leader' || known.term !== currentTerm)) {
      this.tell(this.elected, host, undefined, undefined);
    }
  }

  /** The hash of a prefix of a log as it was last seen. */
  private prefixHashSeen(known: Known, index: number): number {
    return index > known.base ? (known.tail[index - known.base - 1] as number) : this.ghost.committed.at(index);
  }

  /** Walks back over what was cut, then forward over what is new: amortised O(1) an entry. */
  private compareLogs(host: Host, known: Known, seen: number): void {
    const { log } = host.process.probe;
    let kept = Math.min(seen, log.lastIndex);
    while (kept > 0 && this.prefixHashOf(log, kept) !== this.prefixHashSeen(known, kept)) kept--;
    const { calls, names } = this.logChanged;
    for (let i = 0; i < calls.length; i++) {
      this.note((calls[i] as Call<'logChanged'>)(host, logIndex(kept), logIndex(seen)), names[i]);
    }
    if (kept < known.base) known.base = kept;
    if (kept < seen) known.tail.length = kept - known.base;
    for (let i = kept + 1; i <= log.lastIndex; i++) known.tail.push(this.prefixHashOf(log, i));
  }

  /** What a snapshot stands for was committed. */
  private prefixHashOf(log: LogView, index: number): number {
    return index < log.base ? this.ghost.committed.at(index) : log.prefixHashAt(logIndex(index));
  }

  private noteCommit(host: Host, before: LogIndex): void {
    const { calls, names } = this.committed;
    for (let i = 0; i < calls.length; i++) this.note((calls[i] as Call<'committed'>)(host, before), names[i]);
    const { commitIndex, currentTerm, log } = host.process.probe;
    const { committed, committedIn } = this.ghost;
    for (let i = committed.length; i <= commitIndex && i <= log.lastIndex; i++) {
      // Nothing is known of what a broken snapshot stands for.
      committed.push(i < log.base ? 0 : log.prefixHashAt(logIndex(i)));
      committedIn.push(currentTerm);
    }
    // What is committed is the same everywhere, and need not be remembered for each; forgotten in batches.
    const known = this.ghost.known[host.id] as Known;
    if (commitIndex - known.base >= BATCH && log.prefixHashAt(commitIndex) === committed.at(commitIndex)) {
      known.tail.splice(0, commitIndex - known.base);
      known.base = commitIndex;
    }
  }

  /**
   * Calls everyone who listens to a hook that is seldom called; the frequent ones have a loop, and so a call site, of
   * their own.
   */
  private tell<H extends Hook>(hook: Listeners<H>, host: Host, second: Argument<H, 1>, third: Argument<H, 2>): void {
    const { calls, names } = hook;
    for (let i = 0; i < calls.length; i++) this.note((calls[i] as Listener)(host, second, third), names[i]);
  }

  /** The first finding of the run is kept. */
  private note(finding: Finding, property: string | undefined): void {
    if (finding === undefined || this.violation !== undefined) return;
    if (this.isExcused?.(property as string) === true) return;
    this.violation = { property: property as string, why: finding };
  }
}

/** How many committed entries may stand in a tail before they are forgotten. */
const BATCH = 256;

type Call<H extends Hook> = NonNullable<Property[H]>;
type Argument<H extends Hook, Place extends number> = Parameters<Call<H>>[Place];
type Listener = (host: Host, second: unknown, third: unknown) => Finding;

function listeners<H extends Hook>(properties: readonly Property[], hook: H): Listeners<H> {
  const calls: Call<H>[] = [];
  const names: string[] = [];
  for (const property of properties) {
    const call = property[hook];
    if (call === undefined) continue;
    calls.push(call);
    names.push(property.name);
  }
  return { calls, names };
}
