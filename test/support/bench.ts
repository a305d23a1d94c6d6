// A world of puppets under the timed scheduler, for tests that say themselves what becomes possible.

import { nodeId, term } from '../../src/base/ids.ts';
import { ZERO_INDEX, type Message, type Write } from '../../src/protocol/message.ts';
import { Random } from '../../src/base/random.ts';
import type { Host } from '../../src/sim/host.ts';
import { parametersWith, type Parameters } from '../../src/sim/parameters.ts';
import type { RunLimits } from '../../src/sim/schedule/scheduler.ts';
import { TimedScheduler } from '../../src/sim/schedule/timed.ts';
import { World } from '../../src/sim/world.ts';
import { Puppet } from './stage.ts';
import { Tape } from './tape.ts';

export const ENDLESS: RunLimits = {
  until: Infinity,
  stepsMax: Infinity,
  faultsUntil: Infinity,
  faultStepsMax: Infinity,
};

export class Bench {
  readonly world: World;
  readonly scheduler: TimedScheduler;
  readonly tape = new Tape();
  private readonly sent: number[] = [];
  private tickets = 0;

  constructor(nodes: number, changes: Partial<Parameters> = {}, limits: RunLimits = ENDLESS, seed = '1') {
    const parameters = parametersWith({ clients: 0, ...changes });
    this.world = new World(Array.from({ length: nodes }, () => new Puppet()));
    this.world.useWitnesses(undefined, this.tape);
    this.scheduler = new TimedScheduler(this.world, parameters, limits, Random.fromSeed(seed));
    this.world.useScheduler(this.scheduler);
    for (let i = 0; i < nodes; i++) this.world.next();
    this.tape.steps.length = 0;
  }

  host(id: number): Host {
    return this.world.host(nodeId(id));
  }

  /** A message leaves, now. */
  send(from: number, to: number): void {
    const link = this.world.linkOf(nodeId(from), nodeId(to));
    const number = (this.sent[link] ?? 0) + 1;
    this.sent[link] = number;
    const ends = { from: nodeId(from), to: nodeId(to) };
    const message: Message = { kind: 'RequestVoteReply', ...ends, term: term(1), granted: false };
    this.scheduler.messageSent(link, number, message);
  }

  /** A write is issued, now. */
  write(id: number): void {
    const hardState = { term: term(1), votedFor: nodeId(id) };
    const write: Write = { ticket: ++this.tickets, hardState, compaction: undefined, from: ZERO_INDEX, entries: [] };
    this.host(id).disk.issue(write);
    this.scheduler.writeIssued(this.host(id), write);
  }

  /** Takes steps until nothing is left, or so many. */
  run(steps = 10_000): void {
    for (let i = 0; i < steps && this.world.next(); i++);
  }
}
