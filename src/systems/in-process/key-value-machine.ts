// The replicated state machine: texts by key, with client sessions (thesis 6.3).
//
// A session remembers the sequence number and the result of its last command. A command that comes again, by a retry
// or a duplicate, finds its answer there and has no second effect. A snapshot of the machine holds both
// (section 7). The hash of the state is kept as it changes, so that machines are compared in O(1).

import { mix } from '../../base/hash.ts';
import type { Call, Operation } from '../../protocol/operation.ts';
import type { MachineState } from '../../protocol/snapshot.ts';

/** What a machine writes of itself; nobody changes it afterwards. */
export interface KeyValueState extends MachineState {
  readonly cells: readonly (readonly [key: string, value: string])[];
  /** By client. */
  readonly sessions: readonly (Readonly<Session> | undefined)[];
}

/** How sessions keep each command from having its effect twice; a variant may know no sessions. */
export interface SessionRules {
  /** Has this command, or a later one of its session, had its effect? */
  isRepeated(lastSequence: number, sequence: number): boolean;
  /** Are they part of a snapshot (thesis 6.3)? */
  areSaved(): boolean;
}

export const exactlyOnce: SessionRules = Object.freeze({
  isRepeated: (lastSequence: number, sequence: number): boolean => sequence <= lastSequence,
  areSaved: (): boolean => true,
});

/** What a snapshot of an empty machine takes, and what a session takes besides its last result. */
const STATE_OVERHEAD_BYTES = 16;
const SESSION_BYTES = 16;

const wholeNumber = (text: string): number => (/^-?\d+$/.test(text) ? Number(text) : 0);

interface Session {
  sequence: number;
  result: string;
}

interface Cell {
  value: string;
}

export class KeyValueMachine {
  private readonly rules: SessionRules;
  private readonly cells = new Map<string, Cell>();
  private readonly sessions: Session[] = [];
  private _hash = 0;
  private _executed = false;

  constructor(rules: SessionRules) {
    this.rules = rules;
  }

  /**
   * The same on two machines that executed the same commands: it covers each command and the length of what it
   * wrote.
   */
  get hash(): number {
    return this._hash;
  }

  /** Every key that was written, in the order of the first writes. */
  *values(): Iterable<readonly [key: string, value: string]> {
    for (const [key, { value }] of this.cells) yield [key, value];
  }

  /** Whether the last call of `execute` had an effect, and was no repetition. */
  get executed(): boolean {
    return this._executed;
  }

  /** What a key holds, for a read that takes no place in the log. */
  read(key: string): string {
    return this.cells.get(key)?.value ?? '';
  }

  /** The answer to a command; undefined for one of a session that has moved on and waits for none. */
  execute({ hash, client, sequence, operation }: Call): string | undefined {
    let session = this.sessions[client];
    if (session === undefined) {
      session = { sequence: 0, result: '' };
      this.sessions[client] = session;
    }
    this._executed = !this.rules.isRepeated(session.sequence, sequence);
    if (!this._executed) return sequence === session.sequence ? session.result : undefined;
    session.sequence = sequence;
    session.result = this.apply(operation);
    this._hash = mix(this._hash, hash);
    return session.result;
  }

  /** What the machine is now, its sessions with it (section 7). */
  save(): KeyValueState {
    const cells: [string, string][] = [];
    let bytes = STATE_OVERHEAD_BYTES;
    for (const [key, { value }] of this.cells) {
      cells.push([key, value]);
      bytes += key.length + value.length;
    }
    const sessions: (Session | undefined)[] = [];
    for (let i = 0; this.rules.areSaved() && i < this.sessions.length; i++) {
      const session = this.sessions[i];
      sessions.push(session === undefined ? undefined : { sequence: session.sequence, result: session.result });
      bytes += session === undefined ? 0 : SESSION_BYTES + session.result.length;
    }
    return { hash: this._hash, bytes, cells, sessions };
  }

  /** Becomes what a machine wrote of itself. */
  restore({ hash, cells, sessions }: KeyValueState): void {
    this.cells.clear();
    this.sessions.length = 0;
    for (const [key, value] of cells) this.cells.set(key, { value });
    for (let i = 0; i < sessions.length; i++) {
      const session = sessions[i];
      if (session !== undefined) this.sessions[i] = { sequence: session.sequence, result: session.result };
    }
    this._hash = hash;
  }

  private apply(operation: Operation): string {
    let cell = this.cells.get(operation.key);
    if (cell === undefined) {
      if (operation.kind === 'get' || operation.kind === 'read') return '';
      cell = { value: '' };
      this.cells.set(operation.key, cell);
    }
    switch (operation.kind) {
      case 'get':
      case 'read':
        return cell.value;
      case 'put':
        this.write(cell, operation.value);
        return 'ok';
      case 'append':
        return this.write(cell, cell.value + operation.value);
      case 'cas':
        if (cell.value !== operation.expected) return 'no';
        this.write(cell, operation.value);
        return 'yes';
      case 'add':
        return this.write(cell, String(wholeNumber(cell.value) + operation.amount));
    }
  }

  private write(cell: Cell, value: string): string {
    cell.value = value;
    this._hash = mix(this._hash, value.length);
    return value;
  }
}
