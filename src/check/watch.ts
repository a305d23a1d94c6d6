// The watch: tells each property what happened to the one process that moved, and keeps what is known of all.
//
// What changed in a step is found once, by comparing the process with what was known of it; most steps change nothing
// that any property asks about. The cost of a step does not depend on the number of servers or the length of the logs.

import { logIndex, type LogIndex } from '../base/ids.ts';
import { IntVector } from '../base/int-vector.ts';
import { ZERO_INDEX, type Message } from '../base/message.ts';
import type { Host } from '../sim/host.ts';
import type { Observer, Violation } from '../sim/observer.ts';
import type { Applied } from '../sim/process.ts';
import type { Finding, Ghost, Known, Property } from './property.ts';

type Hook =
  | 'started'
  | 'sent'
  | 'voted'
  | 'turned'
  | 'elected'
  | 'logChanged'
  | 'committed'
  | 'uncommitted'
  | 'applied'
  | 'stepped'
  | 'threw';
type Having<H extends Hook> = Property & { readonly [hook in H]-?: NonNullable<Property[hook]> };

/** What is known before anything happened. */
export function freshGhost(nodes: number): Ghost {
  const known: Known[] = [];
  for (let i = 0; i < nodes; i++)
    known.push({ role: 'down', term: 0, commitIndex: ZERO_INDEX, told: 0, base: 0, tail: [] });
  const committed = new IntVector();
  const committedIn = new IntVector();
  // Place 0 stands before the first entry.
  committed.push(0);
  committedIn.push(0);
  return { known, committed, committedIn };
}

export class Watch implements Observer {
  violation: Violation | undefined = undefined;
  readonly #ghost: Ghost;
  readonly #started: readonly Having<'started'>[];
  readonly #sent: readonly Having<'sent'>[];
  readonly #voted: readonly Having<'voted'>[];
  readonly #turned: readonly Having<'turned'>[];
  readonly #uncommitted: readonly Having<'uncommitted'>[];
  readonly #threw: readonly Having<'threw'>[];
  readonly #elected: readonly Having<'elected'>[];
  readonly #logChanged: readonly Having<'logChanged'>[];
  readonly #committed: readonly Having<'committed'>[];
  readonly #applied: readonly Having<'applied'>[];
  readonly #stepped: readonly Having<'stepped'>[];

  constructor(ghost: Ghost, properties: readonly Property[]) {
    this.#ghost = ghost;
    this.#started = having(properties, 'started');
    this.#sent = having(properties, 'sent');
    this.#voted = having(properties, 'voted');
    this.#turned = having(properties, 'turned');
    this.#uncommitted = having(properties, 'uncommitted');
    this.#threw = having(properties, 'threw');
    this.#elected = having(properties, 'elected');
    this.#logChanged = having(properties, 'logChanged');
    this.#committed = having(properties, 'committed');
    this.#applied = having(properties, 'applied');
    this.#stepped = having(properties, 'stepped');
  }

  started(host: Host): void {
    const known = this.#ghost.known[host.id] as Known;
    known.role = 'follower';
    known.term = host.process.probe.currentTerm;
    known.commitIndex = ZERO_INDEX;
    for (const property of this.#started) this.#note(property, property.started(host));
  }

  crashed(host: Host): void {
    (this.#ghost.known[host.id] as Known).role = 'down';
  }

  sent(host: Host, message: Message): void {
    const known = this.#ghost.known[host.id] as Known;
    if (message.term > known.told) known.told = message.term;
    if (message.kind === 'RequestVote' || message.kind === 'RequestVoteReply') {
      for (const property of this.#voted) this.#note(property, property.voted(host, message));
    }
    const list = this.#sent;
    for (let i = 0; i < list.length; i++) {
      const property = list[i] as Having<'sent'>;
      const finding = property.sent(host, message);
      if (finding !== undefined) this.#note(property, finding);
    }
  }

  applied(host: Host, index: LogIndex, applied: Applied): void {
    const list = this.#applied;
    for (let i = 0; i < list.length; i++) {
      const property = list[i] as Having<'applied'>;
      const finding = property.applied(host, index, applied);
      if (finding !== undefined) this.#note(property, finding);
    }
  }

  stepped(host: Host): void {
    const known = this.#ghost.known[host.id] as Known;
    const { probe } = host.process;
    const { log, role, currentTerm, commitIndex } = probe;
    const seen = known.base + known.tail.length;
    if (log.lastIndex !== seen || log.lastChain !== this.#chainSeen(known, seen)) this.#compareLogs(host, known, seen);
    if (role !== known.role || currentTerm !== known.term) this.#turn(host, known);
    if (commitIndex > known.commitIndex) this.#noteCommit(host, known.commitIndex);
    else if (commitIndex < known.commitIndex) {
      for (const property of this.#uncommitted) this.#note(property, property.uncommitted(host, known.commitIndex));
    }
    const list = this.#stepped;
    for (let i = 0; i < list.length; i++) {
      const property = list[i] as Having<'stepped'>;
      const finding = property.stepped(host);
      if (finding !== undefined) this.#note(property, finding);
    }
    // Last: a promise of the protocol that the same step broke is named first.
    if (host.thrown !== undefined) {
      for (const property of this.#threw) this.#note(property, property.threw(host, host.thrown));
    }
    known.role = role;
    known.term = currentTerm;
    known.commitIndex = commitIndex;
  }

  #turn(host: Host, known: Known): void {
    for (const property of this.#turned) this.#note(property, property.turned(host));
    const { role, currentTerm } = host.process.probe;
    if (role === 'leader' && (known.role !== 'leader' || known.term !== currentTerm)) {
      for (const property of this.#elected) this.#note(property, property.elected(host));
    }
  }

  /** The hash of a prefix of a log as it was last seen. */
  #chainSeen(known: Known, index: number): number {
    return index > known.base ? (known.tail[index - known.base - 1] as number) : this.#ghost.committed.at(index);
  }

  /** Walks back over what was cut, then forward over what is new: amortised O(1) an entry. */
  #compareLogs(host: Host, known: Known, seen: number): void {
    const { log } = host.process.probe;
    let kept = Math.min(seen, log.lastIndex);
    while (kept > 0 && log.chainAt(logIndex(kept)) !== this.#chainSeen(known, kept)) kept--;
    for (const property of this.#logChanged) {
      this.#note(property, property.logChanged(host, logIndex(kept), logIndex(seen)));
    }
    if (kept < known.base) known.base = kept;
    if (kept < seen) known.tail.length = kept - known.base;
    for (let i = kept + 1; i <= log.lastIndex; i++) known.tail.push(log.chainAt(logIndex(i)));
  }

  #noteCommit(host: Host, before: LogIndex): void {
    for (const property of this.#committed) this.#note(property, property.committed(host, before));
    const { commitIndex, currentTerm, log } = host.process.probe;
    const { committed, committedIn } = this.#ghost;
    for (let i = committed.length; i <= commitIndex && i <= log.lastIndex; i++) {
      committed.push(log.chainAt(logIndex(i)));
      committedIn.push(currentTerm);
    }
    // What is committed is the same everywhere, and need not be remembered for each; forgotten in batches.
    const known = this.#ghost.known[host.id] as Known;
    if (commitIndex - known.base >= BATCH && log.chainAt(commitIndex) === committed.at(commitIndex)) {
      known.tail.splice(0, commitIndex - known.base);
      known.base = commitIndex;
    }
  }

  #note(property: Property, finding: Finding): void {
    if (finding === undefined || this.violation !== undefined) return;
    this.violation = { property: property.name, why: finding };
  }
}

/** How many committed entries may stand in a tail before they are forgotten. */
const BATCH = 256;

function having<H extends Hook>(properties: readonly Property[], hook: H): readonly Having<H>[] {
  return properties.filter((property): property is Having<H> => property[hook] !== undefined);
}
