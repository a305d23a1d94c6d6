// A stage for one property: puppets that are whatever a script says, watched by the real watch.
//
// Each line of a script is one thing that happens, in the order in which the world would tell it. `n2 leader@3 [1 1 3x]
// commit 2` ends a step in which n2 came to be that; an entry marked with a letter is another one of the same term.
// What a line does not mention stays as it was.

import { configurationCommand, initialConfiguration, type Configuration } from '../../src/protocol/configuration.ts';
import { Timer } from '../../src/protocol/timers.ts';
import { Outbox } from '../../src/protocol/outbox.ts';
import { describe, expect, it } from 'vitest';
import { EntryList } from '../../src/protocol/entry-list.ts';
import { hashText } from '../../src/base/hash.ts';
import { clientId, logIndex, micros, nodeName, NOBODY, term, type LogIndex, type NodeId } from '../../src/base/ids.ts';
import { ZERO_INDEX, ZERO_TERM, type Entry, type Write } from '../../src/protocol/message.ts';
import { makeCall, type Call, type ReadPath } from '../../src/protocol/operation.ts';
import type { Ghost, Property } from '../../src/check/property.ts';
import { freshGhost, Monitor } from '../../src/check/monitor.ts';
import { Log } from '../../src/raft/log.ts';
import { defaultNodeOptions, type NodeOptions } from '../../src/raft/options.ts';
import { propertyTable, type PropertyName } from '../../src/run/properties.ts';
import type { Host } from '../../src/sim/host.ts';
import { parametersWith, type Parameters } from '../../src/sim/parameters.ts';
import { makeSnapshot, type Snapshot } from '../../src/protocol/snapshot.ts';
import type { Answer, Applied, FollowerView, MachineView, Probe, Process } from '../../src/sim/process.ts';
import { World } from '../../src/sim/world.ts';
import { readMessage, server } from './text.ts';

/**
 * '1 1 2x' → entries; equal words at equal places are equal entries. `2{n1n2}` is the configuration of these voters,
 * `2{n1n2/n1n3+n4}` a joint one that leaves n1 and n3, with n4 as a learner.
 */
export function entriesNamed(words: string, first = 1): Entry[] {
  const list = words.split(' ').filter((word) => word !== '');
  return list.map((word, i) => {
    const [, at, members] = /^(\d+)[a-z]?(?:\{(.*)\})?$/.exec(word) ?? [];
    if (at === undefined) throw new Error(`'${word}' is no entry`);
    const plain = { hash: hashText(`${first + i} ${word}`), bytes: 10 };
    return {
      term: term(Number(at)),
      command: members === undefined ? plain : configurationCommand(membersOf(members)),
    };
  });
}

/** `n1n2/n1n3+n4` */
export function membersOf(text: string): Configuration {
  const [, voters = '', outgoing = '', learners = ''] = /^([n\d]*)(?:\/([n\d]*))?(?:\+([n\d]*))?$/.exec(text) ?? [];
  const ids = (names: string): NodeId[] => [...names.matchAll(/n\d/g)].map(([name]) => server(name));
  return { voters: ids(voters), outgoing: ids(outgoing), learners: ids(learners) };
}

function listNamed(words: string): EntryList {
  const list = new EntryList();
  for (const entry of entriesNamed(words)) list.push(entry);
  return list;
}

const NOTHING = new Outbox();

/** A process that does nothing and is what it is told to be. */
export class Puppet implements Process {
  role: Probe['role'] = 'follower';
  currentTerm = ZERO_TERM;
  votedFor = NOBODY;
  leader = NOBODY;
  transferee = NOBODY;
  holdsLease = false;
  commitIndex = ZERO_INDEX;
  log = new Log(new EntryList());
  lastApplied: LogIndex = ZERO_INDEX;
  snapshot: Snapshot | undefined = undefined;
  machine: MachineView = { hash: 0, values: () => [] };
  /** Leaders: what is known of followers, by name. */
  readonly beliefs = new Map<NodeId, Pick<FollowerView, 'nextIndex' | 'matchIndex'>>();
  configuration: Configuration;

  private readonly first: Configuration;

  constructor(servers = 3) {
    this.first = initialConfiguration(servers);
    this.configuration = this.first;
  }

  /** The configuration goes with the log. */
  takeLog(words: string): void {
    this.log = new Log(listNamed(words));
    const { configurationIndex } = this.log;
    this.configuration = configurationIndex === 0 ? this.first : this.log.configurationAt(configurationIndex);
  }

  get probe(): Probe {
    return this;
  }

  /** Leaders: who has answered in this period. */
  readonly answered = new Set<NodeId>();

  followerOf(id: NodeId): FollowerView | undefined {
    if (this.role !== 'leader') return undefined;
    const { nextIndex, matchIndex } = this.beliefs.get(id) ?? { nextIndex: logIndex(1), matchIndex: ZERO_INDEX };
    return { nextIndex, matchIndex, mode: 'probe', isActive: this.answered.has(id) };
  }

  start(): Outbox {
    return NOTHING;
  }

  stop(): void {
    this.commitIndex = ZERO_INDEX;
  }

  receive(): Outbox {
    return NOTHING;
  }

  timeout(): Outbox {
    return NOTHING;
  }

  writeCompleted(): Outbox {
    return NOTHING;
  }

  writeFailed(): Outbox {
    return NOTHING;
  }

  transfer(): Outbox {
    return NOTHING;
  }

  serve(): Answer {
    throw new Error('a puppet answers nothing');
  }

  call(): Outbox {
    return NOTHING;
  }

  apply(): Applied {
    throw new Error('a puppet applies nothing by itself');
  }

  accept(): void {
    // It never asked for anything.
  }

  refuse(): Answer {
    throw new Error('a puppet refuses nothing');
  }
}

const STATE = /^(leader|candidate|pre-candidate|follower)@(\d+)(?: \[([\w{}/+ ]*)\])?(?: commit (\d+))?$/;
const DISK = /^disk(?: term (\d+) vote (\w+))?(?: \[([\w{}/+ ]*)\])?$/;
const CALL = /^(executes|repeats) c(\d+)#(\d+) at (\d+)$/;

export class Stage {
  readonly world: World;
  readonly property: Property;
  private readonly watch: Monitor;
  private readonly puppets: readonly Puppet[];
  private tickets = 0;

  constructor(
    watched: PropertyName | ((ghost: Ghost) => Property),
    nodes = 3,
    changes: Partial<Parameters> = {},
    options: Partial<NodeOptions> = {},
  ) {
    this.puppets = Array.from({ length: nodes }, () => new Puppet(nodes));
    this.world = new World(this.puppets);
    const ghost = freshGhost(nodes);
    this.property =
      typeof watched === 'function'
        ? watched(ghost)
        : propertyTable[watched].make(ghost, this.world, {
            parameters: parametersWith(changes),
            node: { ...defaultNodeOptions, ...options },
          });
    this.watch = new Monitor(ghost, [this.property]);
    this.property.begin?.(this.world);
    for (const host of this.world.hosts) this._start(host, 'starts');
  }

  /** The sentence of the first violation. */
  get finding(): string | undefined {
    return this.watch.violation?.why;
  }

  puppet(host: Host): Puppet {
    return this.puppets[host.id] as Puppet;
  }

  /** Plays a script, a line or a part up to `;` for each thing that happens. */
  play(script: string): void {
    for (const line of script.split(/[\n;]/).map((text) => text.trim())) {
      if (line === '') continue;
      const [, name = '', what = ''] = /^(n\d) (.*)$/.exec(line) ?? [];
      if (!this.act(this.world.host(server(name)), what)) throw new Error(`'${line}' is no line of a script`);
    }
  }

  private act(host: Host, what: string): boolean {
    const [verb = ''] = what.split(' ');
    switch (verb) {
      case 'is':
        host.disk.wipe();
        return what === 'is wiped';
      case 'crashes':
        host.status = 'down';
        this.puppet(host).stop();
        this.watch.crashed(host);
        return what === verb;
      case 'pauses':
        host.status = 'paused';
        return what === verb;
      case 'starts':
        return this._start(host, what);
      case 'arms':
        return this.arm(host, what.slice('arms '.length));
      case 'halts':
        host.crashPending = true;
        this.watch.stepped(host);
        return what === verb;
      case 'throws':
        host.thrown = new Error(what.slice('throws '.length));
        this.watch.stepped(host);
        return true;
      case 'disk':
        return this.write(host, what);
      case 'applies':
        return this._apply(host, what);
      case 'executes':
      case 'repeats':
        return this.execute(host, what);
      case 'to':
        return this.send(host, what);
      case 'from':
        return this.receive(host, what);
      case 'votes':
        return this.vote(host, what);
      case 'hears':
        return this.hear(host, what);
      case 'answered':
        return this.noteAnswers(host, what);
      case 'holds':
        return this.holdLease(host, what);
      case 'asked':
        return this.ask(host, what);
      case 'serves':
        return this.serve(host, what);
      case 'hands':
        return this.handOver(host, what);
      case 'uses':
        return this.use(host, what);
      case 'snapshots':
        return this.takeSnapshot(host, what);
      case 'installs':
        return this.install(host, what);
      case 'believes':
        return this.believe(host, what);
      case 'checks':
        return this.check(host, what);
      default:
        return this.become(host, what);
    }
  }

  /** `starts @2 [1 1] applied 0`: back with this term, log and machine. */
  private _start(host: Host, what: string): boolean {
    const [found, at, words, applied] =
      /^starts(?: @(\d+))?(?: \[([\w{}/+ ]*)\])?(?: applied (\d+))?$/.exec(what) ?? [];
    const puppet = this.puppet(host);
    host.stopped();
    host.status = 'up';
    host.setDeadline(Timer.election, this.world.now);
    puppet.role = 'follower';
    if (at !== undefined) puppet.currentTerm = term(Number(at));
    if (words !== undefined) puppet.takeLog(words);
    if (applied !== undefined) puppet.lastApplied = logIndex(Number(applied));
    this.watch.started(host);
    this.watch.stepped(host);
    return found !== undefined;
  }

  private become(host: Host, what: string): boolean {
    const [, role, at, words, commit] = STATE.exec(what) ?? [];
    if (role === undefined) return false;
    const puppet = this.puppet(host);
    puppet.role = role as Probe['role'];
    puppet.currentTerm = term(Number(at));
    if (words !== undefined) puppet.takeLog(words);
    if (commit !== undefined) puppet.commitIndex = logIndex(Number(commit));
    host.setDeadline(Timer.election, role === 'leader' ? Infinity : this.world.now);
    host.setDeadline(Timer.heartbeat, role === 'leader' ? this.world.now : Infinity);
    this.watch.stepped(host);
    return true;
  }

  /** `arms election`, `arms heartbeat`, `arms transfer`, `arms nothing`, as the last thing of a step. */
  private arm(host: Host, timer: string): boolean {
    host.setDeadline(Timer.election, timer === 'election' ? this.world.now + 1 : Infinity);
    host.setDeadline(Timer.heartbeat, timer === 'heartbeat' ? this.world.now + 1 : Infinity);
    host.setDeadline(Timer.transfer, timer === 'transfer' ? this.world.now + 1 : Infinity);
    this.watch.stepped(host);
    return ['election', 'heartbeat', 'transfer', 'nothing'].includes(timer);
  }

  /** `disk term 3 vote n2 [1 1 3]`: this is durable now, and nothing else. */
  private write(host: Host, what: string): boolean {
    const [, at, vote, words] = DISK.exec(what) ?? [];
    const hardState =
      at === undefined || vote === undefined ? undefined : { term: term(Number(at)), votedFor: server(vote) };
    const from = words === undefined ? ZERO_INDEX : logIndex(1);
    const write: Write = {
      ticket: ++this.tickets,
      hardState,
      compaction: undefined,
      from,
      entries: entriesNamed(words ?? ''),
    };
    host.disk.issue(write);
    host.disk.completeOldest();
    return DISK.test(what);
  }

  /** `applies 3, machine 77`: the entry of its log, and what its machine is then. */
  private _apply(host: Host, what: string): boolean {
    const [, index, state] = /^applies (\d+), machine (\d+)$/.exec(what) ?? [];
    if (index === undefined) return false;
    this.applied(host, Number(index), Number(state), undefined, false);
    return true;
  }

  /** `executes c1#3 at 5`, or `repeats` if the machine knew it. */
  private execute(host: Host, what: string): boolean {
    const [, verb, client, sequence, index] = CALL.exec(what) ?? [];
    if (index === undefined) return false;
    const call = makeCall(clientId(Number(client) - 1), Number(sequence), { kind: 'get', key: 'k' });
    this.applied(host, Number(index), 0, call, verb === 'executes');
    return true;
  }

  private applied(host: Host, index: number, stateHash: number, call: Call | undefined, executed: boolean): void {
    this.puppet(host).lastApplied = logIndex(index);
    this.watch.applied(host, logIndex(index), { call, executed, isExpired: false, stateHash, answer: undefined });
  }

  /** `snapshots 2@1 state 7`: a snapshot of its log up to there is durable; the log stays. */
  private takeSnapshot(host: Host, what: string): boolean {
    const [, index, at, state] = /^snapshots (\d+)@(\d+) state (\d+)$/.exec(what) ?? [];
    if (index === undefined) return false;
    const puppet = this.puppet(host);
    const { log, configuration } = puppet;
    const lastIndex = logIndex(Number(index));
    const prefixHash = lastIndex <= log.lastIndex ? log.prefixHashAt(lastIndex) : 0;
    const label = { lastIndex, lastTerm: term(Number(at)), prefixHash, configuration };
    puppet.snapshot = makeSnapshot(label, { hash: Number(state), bytes: 10 });
    this.watch.stepped(host);
    return true;
  }

  /** `installs n1 machine 7`, perhaps ` at 2`: it goes on from the snapshot of n1, and its machine is in this state. */
  private install(host: Host, what: string): boolean {
    const [, from, state, at] = /^installs (n\d) machine (\d+)(?: at (\d+))?$/.exec(what) ?? [];
    const snapshot = from === undefined ? undefined : this.puppet(this.world.host(server(from))).snapshot;
    if (snapshot === undefined) return false;
    const puppet = this.puppet(host);
    const { lastIndex, lastTerm, prefixHash } = snapshot;
    if (puppet.log.has(lastIndex, lastTerm)) puppet.log.compactTo(lastIndex);
    else puppet.log.restartAt(lastIndex, lastTerm, prefixHash);
    puppet.snapshot = snapshot;
    puppet.commitIndex = lastIndex;
    puppet.lastApplied = at === undefined ? lastIndex : logIndex(Number(at));
    puppet.machine = { hash: Number(state), values: () => [] };
    this.watch.installed(host, snapshot);
    this.watch.stepped(host);
    return true;
  }

  /** `believes n2 holds 3 next 4` */
  private believe(host: Host, what: string): boolean {
    const [, of, match, next] = /^believes (n\d) holds (\d+) next (\d+)$/.exec(what) ?? [];
    if (of === undefined) return false;
    const belief = { matchIndex: logIndex(Number(match)), nextIndex: logIndex(Number(next)) };
    this.puppet(host).beliefs.set(server(of), belief);
    return true;
  }

  /** `to n2: RequestVote@3 last 2@1` */
  private send(host: Host, what: string): boolean {
    const [, to = '', message = ''] = /^to (n\d): (.*)$/.exec(what) ?? [];
    this.watch.sent(host, readMessage(`${nodeName(host.id)} ${message}`, server(to)));
    return true;
  }

  /** `from n3: RequestVote@3 last 2@1`: it arrives; what it makes of it is another line. */
  private receive(host: Host, what: string): boolean {
    const [, from = '', message = ''] = /^from (n\d): (.*)$/.exec(what) ?? [];
    this.watch.received(host, readMessage(`${from} ${message}`, host.id));
    return true;
  }

  /** `votes n3@4`: it is in this term, and has voted for this server. */
  private vote(host: Host, what: string): boolean {
    const [, candidate = '', at] = /^votes (n\d)@(\d+)$/.exec(what) ?? [];
    this.puppet(host).votedFor = server(candidate);
    return this.become(host, `follower@${at}`);
  }

  /** `hears n1`: as its leader, a moment ago; `hears nobody`: that moment is over. */
  private hear(host: Host, what: string): boolean {
    const [, leader] = /^hears (n\d|nobody)$/.exec(what) ?? [];
    if (leader === undefined) return false;
    if (leader !== 'nobody') this.puppet(host).leader = server(leader);
    host.setDeadline(Timer.leaderContact, leader === 'nobody' ? Infinity : this.world.now + 1);
    this.watch.stepped(host);
    return true;
  }

  /** `answered by n2 n3`: in this period, its leader knows. */
  private noteAnswers(host: Host, what: string): boolean {
    const [, names = ''] = /^answered by ((?:n\d ?)+)$/.exec(what) ?? [];
    for (const name of names.split(' ')) this.puppet(host).answered.add(server(name));
    this.watch.stepped(host);
    return names !== '';
  }

  /** `holds a lease`, that it asked for now; `holds no lease`. */
  private holdLease(host: Host, what: string): boolean {
    const [, which] = /^holds (a|no) lease$/.exec(what) ?? [];
    this.puppet(host).holdsLease = which === 'a';
    if (which === 'a') host.noteArmed(Timer.lease, this.world.now, this.world.steps);
    this.watch.stepped(host);
    return which !== undefined;
  }

  /** `asked by c1 to read by index`: its first call comes. */
  private ask(host: Host, what: string): boolean {
    const [, client, path] = /^asked by c(\d) to read by (index|lease|follower)$/.exec(what) ?? [];
    if (path === undefined) return false;
    const operation = { kind: 'read', key: 'k', path: path as ReadPath } as const;
    this.watch.asked(host, makeCall(clientId(Number(client) - 1), 1, operation));
    return true;
  }

  /** `serves c1 as of 3, applied 3`. */
  private serve(host: Host, what: string): boolean {
    const [, client, index, applied] = /^serves c(\d) as of (\d+), applied (\d+)$/.exec(what) ?? [];
    if (applied === undefined) return false;
    this.puppet(host).lastApplied = logIndex(Number(applied));
    const answer = {
      client: clientId(Number(client) - 1),
      sequence: 1,
      outcome: 'ok',
      result: '',
      leader: host.id,
    } as const;
    this.watch.served(host, answer, logIndex(Number(index)));
    return true;
  }

  /** `hands over to n2`, or to `nobody` any more. */
  private handOver(host: Host, what: string): boolean {
    const [, heir] = /^hands over to (n\d|nobody)$/.exec(what) ?? [];
    if (heir === undefined) return false;
    this.puppet(host).transferee = server(heir);
    this.watch.stepped(host);
    return true;
  }

  /** `uses n1n2`: as its configuration, whatever its log says. */
  private use(host: Host, what: string): boolean {
    this.puppet(host).configuration = membersOf(what.slice('uses '.length));
    this.watch.stepped(host);
    return true;
  }

  /** `checks its quorum`, and leads on; `checks its quorum, follower@2` and becomes that. */
  private check(host: Host, what: string): boolean {
    const [found, state] = /^checks its quorum(?:, (.*))?$/.exec(what) ?? [];
    this.watch.fired(host, Timer.quorumCheck);
    this.puppet(host).answered.clear();
    if (state !== undefined) return this.become(host, state);
    this.watch.stepped(host);
    return found !== undefined;
  }

  /** Lets virtual time pass. */
  wait(length: number): void {
    this.world.now = micros(this.world.now + length);
  }
}

/** A situation, what happens in it, and the sentence of the violation, or undefined if the promise is kept. */
export type Situation = readonly [what: string, script: string, sentence: string | undefined];

/** Plays every situation on a stage of its own. A violation comes with the last line and not before it. */
export function promise(
  name: PropertyName,
  situations: readonly Situation[],
  nodes = 3,
  title: string = propertyTable[name].promise,
  options: Partial<NodeOptions> = {},
): void {
  describe(`${name}: ${title}`, () => {
    it.each(situations.filter(([, , sentence]) => sentence !== undefined))(
      'is broken: %s',
      (_what, script, sentence) => {
        const lines = script.trim().split('\n');
        const stage = new Stage(name, nodes, {}, options);
        stage.play(lines.slice(0, -1).join('\n'));
        expect(stage.finding, 'before the last line').toBeUndefined();
        stage.play(lines.at(-1) ?? '');
        expect(stage.finding).toBe(sentence);
      },
    );
    it.each(situations.filter(([, , sentence]) => sentence === undefined))('is kept: %s', (_what, script) => {
      const stage = new Stage(name, nodes, {}, options);
      stage.play(script);
      expect(stage.finding).toBeUndefined();
    });
  });
}
