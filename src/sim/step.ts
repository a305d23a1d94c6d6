// A step: one atomic thing that happens to one process, link or client. Everything that a schedule can decide is one.
//
// Steps are plain data. A trace is a list of them, and a script takes them again without any random draw: they name
// messages by link and number on that link, writes and timers by their process, calls by client and sequence.

import type { TimerName } from '../protocol/timers.ts';
import type { ClientId, Micros, NodeId } from '../base/ids.ts';
import type { Operation } from '../protocol/operation.ts';

interface At {
  readonly at: Micros;
}

/** A step of a process; `effects`: it crashed after carrying out this many effects of it. */
interface OfProcess extends At {
  readonly effects?: number;
}

interface OfMessage {
  readonly from: NodeId;
  readonly to: NodeId;
  /** Counts the messages of this link from 1. */
  readonly number: number;
}

export type DropReason = 'lost' | 'cut' | 'full' | 'down';

/** One atomic thing that happens, as plain data: what a trace holds and a script takes again. */
export type Step =
  | ({ readonly kind: 'deliver' } & OfMessage & OfProcess)
  | ({ readonly kind: 'drop'; readonly reason: DropReason } & OfMessage & At)
  | ({ readonly kind: 'duplicate' } & OfMessage & At)
  | ({ readonly kind: 'timer'; readonly node: NodeId; readonly timer: TimerName } & OfProcess)
  /** The oldest cached write of a node becomes durable. */
  | ({ readonly kind: 'durable'; readonly node: NodeId } & OfProcess)
  /** The oldest cached write fails; `kept` cached writes reach the disk all the same. The node stops. */
  | ({
      readonly kind: 'write-failed';
      readonly node: NodeId;
      readonly error: 'write' | 'sync';
      readonly kept: number;
    } & At)
  | ({ readonly kind: 'crash'; readonly node: NodeId; readonly kept: number; readonly torn: boolean } & At)
  | ({ readonly kind: 'wipe'; readonly node: NodeId } & At)
  | ({ readonly kind: 'restart'; readonly node: NodeId } & At)
  | ({ readonly kind: 'pause'; readonly node: NodeId } & At)
  | ({ readonly kind: 'resume'; readonly node: NodeId } & At)
  /** Blocks links, each given as [from, to], until the heal with this number. */
  | ({ readonly kind: 'cut'; readonly fault: number; readonly shape: string; readonly links: readonly LinkEnds[] } & At)
  | ({ readonly kind: 'heal'; readonly fault: number } & At)
  /** Slows links down until the `mend` with this number. */
  | ({
      readonly kind: 'slow';
      readonly fault: number;
      readonly factor: number;
      readonly links: readonly LinkEnds[];
    } & At)
  | ({ readonly kind: 'mend'; readonly fault: number } & At)
  | ({ readonly kind: 'clock'; readonly node: NodeId; readonly ratePpm: number; readonly jump: number } & At)
  /** The faults end here: from now on the cluster has a bounded time to recover. */
  | ({ readonly kind: 'calm' } & At)
  /** A client sends a call to a node; a sequence that was called before is a retry or a duplicate. */
  | ({
      readonly kind: 'call';
      readonly client: ClientId;
      readonly sequence: number;
      readonly node: NodeId;
      readonly operation: Operation;
    } & OfProcess)
  /** An answer arrives at its client, or is lost; `number` counts the answers to this client from 1. */
  | ({ readonly kind: 'answer'; readonly client: ClientId; readonly number: number; readonly lost: boolean } & At);

export type LinkEnds = readonly [NodeId, NodeId];
/** The kinds of steps. */
export type StepKind = Step['kind'];

/** The order gives each kind its code in the fingerprint: add at the end only. */
export const stepKinds: readonly StepKind[] = [
  'deliver',
  'drop',
  'duplicate',
  'timer',
  'durable',
  'write-failed',
  'crash',
  'wipe',
  'restart',
  'pause',
  'resume',
  'cut',
  'heal',
  'slow',
  'mend',
  'clock',
  'calm',
  'call',
  'answer',
];
