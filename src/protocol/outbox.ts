// What a server wants done after a step: effects, in order.
//
// A server writes its effects into its outbox; its host reads them before the next step, which overwrites them. It may
// crash the server between any two. Slots are used again, so that nothing is allocated for an effect.

import type { LogIndex, NodeId, Term } from '../base/ids.ts';
import type { Message, Write } from './message.ts';
import type { Snapshot } from './snapshot.ts';
import type { Timer } from './timers.ts';

/** The kinds of effects by number; the most frequent come first. */
export const EffectKind = {
  /** `message` leaves. */
  send: 0,
  /** `write` goes to the disk. */
  persist: 1,
  /** `timer` starts anew with a fresh random length. */
  arm: 2,
  disarm: 3,
  /** The entries from `first` to `last` are committed: execute them in order. */
  apply: 4,
  /** The proposal `request` has its place `last`, of `term`, in the leader's log; whether it commits is not known. */
  accept: 5,
  /** The proposal `request` was not taken; `leader` is the best guess, NOBODY if there is none. */
  refuse: 6,
  /** The server must not act any more in this life; `reason` says why. */
  halt: 7,
  /** `write` goes to the disk, and the server does not go on before it is durable. */
  store: 8,
  /** A change of the configuration was not taken; `reason` says why, `leader` is the best guess. */
  refuseChange: 9,
  /** The machine is to write out what it is now; the timer `snapshot` tells when it has. */
  capture: 10,
  /** The machine becomes what `snapshot` says: the log up to there was replaced by it. */
  restore: 11,
  /** The read `request` may be answered from a machine that has executed the log up to `last`. */
  serve: 12,
} as const;

export type EffectKind = (typeof EffectKind)[keyof typeof EffectKind];

/** One effect: its kind says which of the fields mean something. */
export class Effect {
  kind: EffectKind = EffectKind.send;
  message: Message | undefined = undefined;
  write: Write | undefined = undefined;
  timer: Timer = 0;
  first = 0 as LogIndex;
  last = 0 as LogIndex;
  term = 0 as Term;
  request = 0;
  leader = 0 as NodeId;
  reason = '';
  snapshot: Snapshot | undefined = undefined;
}

export class Outbox {
  length = 0;
  private readonly slots: Effect[] = [];

  /** The effect at a place from 0; good until the next step of the server. */
  at(place: number): Effect {
    return this.slots[place] as Effect;
  }

  clear(): void {
    this.length = 0;
  }

  send(message: Message): void {
    const effect = this.next();
    effect.kind = EffectKind.send;
    effect.message = message;
  }

  persist(write: Write): void {
    const effect = this.next();
    effect.kind = EffectKind.persist;
    effect.write = write;
  }

  store(write: Write): void {
    const effect = this.next();
    effect.kind = EffectKind.store;
    effect.write = write;
  }

  arm(timer: Timer): void {
    const effect = this.next();
    effect.kind = EffectKind.arm;
    effect.timer = timer;
  }

  disarm(timer: Timer): void {
    const effect = this.next();
    effect.kind = EffectKind.disarm;
    effect.timer = timer;
  }

  apply(first: LogIndex, last: LogIndex): void {
    const effect = this.next();
    effect.kind = EffectKind.apply;
    effect.first = first;
    effect.last = last;
  }

  accept(request: number, index: LogIndex, term: Term): void {
    const effect = this.next();
    effect.kind = EffectKind.accept;
    effect.request = request;
    effect.last = index;
    effect.term = term;
  }

  refuse(request: number, leader: NodeId): void {
    const effect = this.next();
    effect.kind = EffectKind.refuse;
    effect.request = request;
    effect.leader = leader;
  }

  serve(request: number, index: LogIndex): void {
    const effect = this.next();
    effect.kind = EffectKind.serve;
    effect.request = request;
    effect.last = index;
  }

  halt(reason: string): void {
    const effect = this.next();
    effect.kind = EffectKind.halt;
    effect.reason = reason;
  }

  refuseChange(leader: NodeId, reason: string): void {
    const effect = this.next();
    effect.kind = EffectKind.refuseChange;
    effect.leader = leader;
    effect.reason = reason;
  }

  capture(): void {
    const effect = this.next();
    effect.kind = EffectKind.capture;
  }

  restore(snapshot: Snapshot): void {
    const effect = this.next();
    effect.kind = EffectKind.restore;
    effect.snapshot = snapshot;
  }

  private next(): Effect {
    const place = this.length++;
    if (place === this.slots.length) this.slots.push(new Effect());
    return this.slots[place] as Effect;
  }
}
