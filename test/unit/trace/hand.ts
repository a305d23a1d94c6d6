// A hand that moves a world: what becomes possible waits here until a test takes it. Nothing is drawn.

import { micros, nodeId, type ClientId } from '../../../src/base/ids.ts';
import type { Message, MessageKind } from '../../../src/protocol/message.ts';
import { makeCall, type Operation } from '../../../src/protocol/operation.ts';
import { defaultNodeOptions } from '../../../src/raft/options.ts';
import { paperRules } from '../../../src/raft/rules.ts';
import { initialConfiguration } from '../../../src/protocol/configuration.ts';
import { Timer } from '../../../src/protocol/timers.ts';
import { paperHandlers } from '../../../src/raft/handlers.ts';
import type { Host } from '../../../src/sim/host.ts';
import type { Recorder } from '../../../src/sim/observer.ts';
import type { Answer } from '../../../src/sim/process.ts';
import type { Scheduler } from '../../../src/sim/schedule/scheduler.ts';
import { World } from '../../../src/sim/world.ts';
import { exactlyOnce } from '../../../src/systems/in-process/key-value-machine.ts';
import { RaftProcess } from '../../../src/systems/in-process/raft-process.ts';

interface Flight {
  readonly number: number;
  readonly message: Message;
}

export class Hand implements Scheduler {
  readonly world: World;
  private flights: Flight[] = [];
  private readonly answers: { readonly answer: Answer; readonly number: number }[] = [];

  constructor(nodes: number, recorder: Recorder | undefined) {
    const processes = Array.from({ length: nodes }, (_, i) => {
      const behaviour = { options: defaultNodeOptions, rules: paperRules, handlers: paperHandlers };
      const recipe = { configuration: initialConfiguration(nodes), behaviour, sessions: exactlyOnce };
      return new RaftProcess(nodeId(i), recipe);
    });
    this.world = new World(processes);
    this.world.useWitnesses(undefined, recorder);
    this.world.useScheduler(this);
    for (const host of this.world.hosts) this.world.restart(host);
  }

  messageSent(_link: number, number: number, message: Message): void {
    this.flights.push({ number, message });
  }

  timerArmed(host: Host, timer: Timer): void {
    host.setDeadline(timer, this.world.now + 100_000);
  }

  writeIssued(): void {
    // It waits in the cache of the disk.
  }

  answerGiven(answer: Answer, number: number): void {
    this.answers.push({ answer, number });
  }

  answerArrived(): void {
    // Clients have nothing to say of their own.
  }

  next(): boolean {
    return false;
  }

  /** Lets time pass. */
  wait(length: number): void {
    this.world.now = micros(this.world.now + length);
  }

  /** Node n1 is `host(1)`. */
  host(name: number): Host {
    return this.world.host(nodeId(name - 1));
  }

  election(name: number): void {
    this.world.fireTimer(this.host(name), Timer.election);
  }

  heartbeat(name: number): void {
    this.world.fireTimer(this.host(name), Timer.heartbeat);
  }

  /** All cached writes of a node become durable. */
  sync(name: number): void {
    while (this.host(name).disk.cachedWrites > 0) this.world.completeWrite(this.host(name));
  }

  /** The oldest message of a link, which must be of this kind, leaves the link; `stays` leaves it there. */
  take(from: number, to: number, kind: MessageKind, stays = false): Flight {
    const i = this.flights.findIndex(({ message }) => message.from === from - 1 && message.to === to - 1);
    const flight = this.flights[i];
    if (flight?.message.kind !== kind) throw new Error(`n${from} to n${to}: ${flight?.message.kind}, not ${kind}`);
    if (!stays) this.flights.splice(i, 1);
    return flight;
  }

  deliver(from: number, to: number, kind: MessageKind): void {
    const { number, message } = this.take(from, to, kind);
    this.world.deliver(number, message);
  }

  /** Delivers everything and syncs everything until nothing is left. */
  settle(): void {
    for (;;) {
      const flights = this.flights;
      this.flights = [];
      for (const { number, message } of flights) this.world.deliver(number, message);
      const waiting = this.world.hosts.filter((host) => host.status === 'up' && host.disk.cachedWrites > 0);
      for (const host of waiting) this.sync(host.id + 1);
      if (flights.length === 0 && waiting.length === 0) return;
    }
  }

  /** Forgets all messages on their way. */
  forget(): void {
    this.flights = [];
  }

  call(client: ClientId, sequence: number, name: number, operation: Operation): void {
    this.world.call(makeCall(client, sequence, operation), this.host(name));
  }

  /** The oldest answer arrives, or is lost. */
  answer(lost = false): void {
    const given = this.answers.shift();
    if (given === undefined) throw new Error('no answer is on its way');
    this.world.answer(given.answer, given.number, lost);
  }
}
