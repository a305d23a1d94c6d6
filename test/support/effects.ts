// Events and effects as values, for tests: what goes in through the doors of a node, and what stands in its outbox.

import type { LogIndex, NodeId, Term } from '../../src/base/ids.ts';
import type { MembershipChange } from '../../src/protocol/configuration.ts';
import type { Command, Message, Write } from '../../src/protocol/message.ts';
import type { Snapshot } from '../../src/protocol/snapshot.ts';
import type { ReadPath } from '../../src/protocol/operation.ts';
import { EffectKind, Outbox, type Effect as Slot } from '../../src/protocol/outbox.ts';
import { Timer, timerNames, type TimerName } from '../../src/protocol/timers.ts';
import type { RaftNode } from '../../src/raft/node.ts';

export type NodeEvent =
  | Message
  | { readonly kind: 'Timeout'; readonly timer: TimerName }
  | { readonly kind: 'WriteCompleted'; readonly ticket: number }
  | { readonly kind: 'WriteFailed'; readonly ticket: number }
  | { readonly kind: 'ChangeMembers'; readonly change: MembershipChange }
  | { readonly kind: 'Propose'; readonly request: number; readonly command: Command }
  | { readonly kind: 'Transfer'; readonly target: NodeId }
  | { readonly kind: 'Compact'; readonly snapshot: Snapshot }
  | { readonly kind: 'Read'; readonly request: number; readonly path: ReadPath };

export type Effect =
  | { readonly kind: 'send'; readonly message: Message }
  | { readonly kind: 'persist'; readonly write: Write }
  | { readonly kind: 'arm'; readonly timer: TimerName }
  | { readonly kind: 'disarm'; readonly timer: TimerName }
  | { readonly kind: 'apply'; readonly from: LogIndex; readonly to: LogIndex }
  | { readonly kind: 'accept'; readonly request: number; readonly index: LogIndex; readonly term: Term }
  | { readonly kind: 'refuse'; readonly request: number; readonly leader: NodeId }
  | { readonly kind: 'serve'; readonly request: number; readonly index: LogIndex }
  | { readonly kind: 'refuse change'; readonly leader: NodeId; readonly reason: string }
  | { readonly kind: 'halt'; readonly reason: string }
  | { readonly kind: 'capture' }
  | { readonly kind: 'restore'; readonly snapshot: Snapshot };

/** Enters the door that an event belongs to. */
export function stepNode(node: RaftNode, event: NodeEvent): readonly Effect[] {
  return effectsIn(outboxOf(node, event));
}

function outboxOf(node: RaftNode, event: NodeEvent): Outbox {
  switch (event.kind) {
    case 'Timeout':
      return node.timeout(Timer[event.timer]);
    case 'WriteCompleted':
      return node.writeCompleted(event.ticket);
    case 'WriteFailed':
      return node.writeFailed(event.ticket);
    case 'ChangeMembers':
      return node.changeMembers(event.change);
    case 'Propose':
      return node.propose(event.request, event.command);
    case 'Transfer':
      return node.transfer(event.target);
    case 'Compact':
      return node.compact(event.snapshot);
    case 'Read':
      return node.read(event.request, event.path);
    default:
      return node.receive(event);
  }
}

export function effectsIn(outbox: Outbox): Effect[] {
  return Array.from({ length: outbox.length }, (_, place) => effectIn(outbox.at(place)));
}

function effectIn(slot: Slot): Effect {
  switch (slot.kind) {
    case EffectKind.send:
      return { kind: 'send', message: slot.message as Message };
    case EffectKind.persist:
    case EffectKind.store:
      return { kind: 'persist', write: slot.write as Write };
    case EffectKind.arm:
      return { kind: 'arm', timer: timerNames[slot.timer] as TimerName };
    case EffectKind.disarm:
      return { kind: 'disarm', timer: timerNames[slot.timer] as TimerName };
    case EffectKind.apply:
      return { kind: 'apply', from: slot.first, to: slot.last };
    case EffectKind.accept:
      return { kind: 'accept', request: slot.request, index: slot.last, term: slot.term };
    case EffectKind.serve:
      return { kind: 'serve', request: slot.request, index: slot.last };
    case EffectKind.refuse:
      return { kind: 'refuse', request: slot.request, leader: slot.leader };
    case EffectKind.refuseChange:
      return { kind: 'refuse change', leader: slot.leader, reason: slot.reason };
    case EffectKind.halt:
      return { kind: 'halt', reason: slot.reason };
    case EffectKind.capture:
      return { kind: 'capture' };
    case EffectKind.restore:
      return { kind: 'restore', snapshot: slot.snapshot as Snapshot };
  }
}

/** These effects in an outbox of their own. */
export function outboxOfEffects(effects: readonly Effect[]): Outbox {
  const outbox = new Outbox();
  for (const effect of effects) {
    switch (effect.kind) {
      case 'send':
        outbox.send(effect.message);
        break;
      case 'persist':
        outbox.persist(effect.write);
        break;
      case 'arm':
      case 'disarm':
        outbox[effect.kind](Timer[effect.timer]);
        break;
      case 'apply':
        outbox.apply(effect.from, effect.to);
        break;
      case 'accept':
        outbox.accept(effect.request, effect.index, effect.term);
        break;
      case 'serve':
        outbox.serve(effect.request, effect.index);
        break;
      case 'refuse':
        outbox.refuse(effect.request, effect.leader);
        break;
      case 'refuse change':
        outbox.refuseChange(effect.leader, effect.reason);
        break;
      case 'halt':
        outbox.halt(effect.reason);
        break;
      case 'capture':
        outbox.capture();
        break;
      case 'restore':
        outbox.restore(effect.snapshot);
    }
  }
  return outbox;
}
