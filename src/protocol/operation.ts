// What clients ask of the key-value machine, and one call in the history of a run.
//
// Keys and values are texts; a key that was never written reads as the empty text. The machine (`sut/`) executes
// operations, the checker (`check/`) has a sequential model of its own, and both speak of them in these words.

import { hashText, mix, mixText } from '../base/hash.ts';
import type { ClientId } from '../base/ids.ts';
import type { Command } from './message.ts';

/** What a client asks of the key-value machine. */
export type Operation =
  /** Answers the value. */
  | { readonly kind: 'get'; readonly key: string }
  /** Answers the value, without a place in the log: by one of the ways of section 6.4 of the dissertation. */
  | { readonly kind: 'read'; readonly key: string; readonly path: ReadPath }
  /** Answers `ok`. */
  | { readonly kind: 'put'; readonly key: string; readonly value: string }
  /** Writes the value behind what is there; answers the new value. */
  | { readonly kind: 'append'; readonly key: string; readonly value: string }
  /** Writes `value` if `expected` is there; answers `yes` or `no`. */
  | { readonly kind: 'cas'; readonly key: string; readonly expected: string; readonly value: string }
  /** Adds to a whole number (a text that is none counts as 0); answers the new value. */
  | { readonly kind: 'add'; readonly key: string; readonly amount: number }
  /** Opens a session and answers its number (dissertation 6.3), where they are limited; it is about no key. */
  | { readonly kind: 'open'; readonly key: '' };

/**
 * Where sessions are limited, the number that `open` answered stands in the sequence numbers of its calls: those of
 * session 7 are 7001 to 7999. So a client's calls are numbered in one row, whatever becomes of its sessions.
 */
export const SESSION_CALLS = 1000;

/** The session that a call belongs to, where sessions are limited; 0: one that nobody ever opened. */
export const sessionOf = (sequence: number): number => Math.floor(sequence / SESSION_CALLS);

/** How a read is answered that takes no place in the log (dissertation, 6.4). */
export const readPathTable = {
  index: 'by the leader, once a round of heartbeats has shown that it still leads',
  lease: 'by the leader, at once while it holds a lease, else as by index',
  follower: 'by whoever is asked, once it has executed what its leader names',
} as const;

/** A word of `readPathTable`. */
export type ReadPath = keyof typeof readPathTable;

/** The words of `readPathTable`. */
export const readPaths: readonly ReadPath[] = Object.keys(readPathTable) as ReadPath[];

/** An operation on its way: a command of the log, made once and the same object in every retry. */
export interface Call extends Command {
  readonly client: ClientId;
  /** Counts the calls of this client's session from 1. */
  readonly sequence: number;
  readonly operation: Operation;
}

export function makeCall(client: ClientId, sequence: number, operation: Operation): Call {
  const hash = mix(mix(hashOf(operation), client), sequence);
  return { hash, bytes: COMMAND_OVERHEAD_BYTES + sizeOf(operation), client, sequence, operation };
}

/** What a command costs on the wire besides its texts. */
const COMMAND_OVERHEAD_BYTES = 16;

/** One call of a client, from its first send to its answer. Times are step numbers; no two of a run's are equal. */
export interface HistoryCall {
  /** Who made it. */
  readonly client: ClientId;
  /** Counts the calls of this client's session from 1. */
  readonly sequence: number;
  /** What was asked. */
  readonly operation: Operation;
  /** The step of its first send. */
  readonly invokedAt: number;
  /**
   * The step of the answer, or -1 as long as the outcome is unknown: it may take effect at any later time, or never.
   */
  readonly completedAt: number;
  /** What was answered; the empty text as long as nothing was. */
  readonly result: string;
}

export function operationText(operation: Operation): string {
  switch (operation.kind) {
    case 'get':
      return `get ${operation.key}`;
    case 'read':
      return `read ${operation.key} by ${operation.path}`;
    case 'put':
      return `put ${operation.key}=${operation.value}`;
    case 'append':
      return `append ${operation.key}+=${operation.value}`;
    case 'cas':
      return `cas ${operation.key}:${operation.expected || '∅'}→${operation.value}`;
    case 'add':
      return `add ${operation.key}+${operation.amount}`;
    case 'open':
      return 'open a session';
  }
}

function hashOf(operation: Operation): number {
  const hash = mixText(hashText(operation.kind), operation.key);
  switch (operation.kind) {
    case 'get':
    case 'open':
      return hash;
    case 'read':
      return mixText(hash, operation.path);
    case 'put':
    case 'append':
      return mixText(hash, operation.value);
    case 'cas':
      return mixText(mix(mixText(hash, operation.expected), 0), operation.value);
    case 'add':
      return mix(hash, operation.amount);
  }
}

function sizeOf(operation: Operation): number {
  switch (operation.kind) {
    case 'get':
    case 'read':
    case 'open':
      return operation.key.length;
    case 'put':
    case 'append':
      return operation.key.length + operation.value.length;
    case 'cas':
      return operation.key.length + operation.expected.length + operation.value.length;
    case 'add':
      return operation.key.length + 8;
  }
}
