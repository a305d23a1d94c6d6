// The replicated state machine: texts by key, with client sessions (thesis 6.3).
//
// A session remembers the sequence number and the result of its last command. A command that comes again, by a retry
// or a duplicate, finds its answer there and has no second effect. A snapshot of the machine holds both (section 7).
// Where sessions are limited, clients open them, and the log alone decides which expires: the one whose last command is
// oldest. The hash of the state is kept as it changes, so that machines are compared in O(1).

import { mix } from '../../base/hash.ts';
import { sessionOf, type Call, type Operation } from '../../protocol/operation.ts';
import type { MachineState } from '../../protocol/snapshot.ts';

/** What a machine writes of itself; nobody changes it afterwards. */
export interface KeyValueState extends MachineState {
  readonly cells: readonly (readonly [key: string, value: string])[];
  /** By client; where sessions are limited, by number, the one that expires next first. */
  readonly sessions: readonly (Readonly<Session> | undefined)[];
  readonly numbers: readonly number[];
  /** How many sessions were opened so far. */
  readonly opened: number;
  /** By place in `cells`: how many commands came before the key was first written; empty if none is dropped. */
  readonly born: readonly number[];
  /** How many commands were executed so far. */
  readonly commands: number;
}

/** How sessions keep each command from having its effect twice; a variant may know no sessions. */
export interface SessionRules {
  /** Has this command, or a later one of its session, had its effect? */
  isRepeated(lastSequence: number, sequence: number): boolean;
  /** Is the result that the session remembers the answer to this command? */
  isRemembered(lastSequence: number, sequence: number): boolean;
  /** Are they part of a snapshot (thesis 6.3)? */
  areSaved(): boolean;
  /** May a command of a session that is not known begin one? */
  isOpenedByAnyCommand(): boolean;
  /** Does a read keep its session alive, though it is answered at one server only, without a place in the log? */
  isUsedByRead(): boolean;
  /** In which order does a snapshot hold the sessions? */
  savedOrder(byUse: readonly number[]): readonly number[];
}

export const exactlyOnce: SessionRules = Object.freeze({
  isRepeated: (lastSequence: number, sequence: number): boolean => sequence <= lastSequence,
  isRemembered: (lastSequence: number, sequence: number): boolean => sequence === lastSequence,
  areSaved: (): boolean => true,
  isOpenedByAnyCommand: (): boolean => false,
  isUsedByRead: (): boolean => false,
  savedOrder: (byUse: readonly number[]): readonly number[] => byUse,
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
  /** How many commands had been executed when it was first written. */
  readonly born: number;
}

/** How often a machine looks for keys that are too old. */
const LOOK_EVERY = 1024;

export class KeyValueMachine {
  private readonly rules: SessionRules;
  private readonly cells = new Map<string, Cell>();
  private readonly sessions: Session[] = [];
  /** Where sessions are limited: by number, in the order of their last commands. */
  private readonly byUse = new Map<number, Session>();
  private readonly sessionsMax: number;
  private readonly keyLife: number;
  private opened = 0;
  private commands = 0;
  private _hash = 0;
  private _executed = false;
  private _isExpired = false;

  /**
   * Knows at most so many sessions; any number of them if that is 0. A key is dropped `keyLife` commands, or somewhat
   * more, after it was first written: nobody asks for it any more, and every machine drops it at the same command.
   */
  constructor(rules: SessionRules, sessionsMax = 0, keyLife = Infinity) {
    this.rules = rules;
    this.sessionsMax = sessionsMax;
    this.keyLife = keyLife;
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

  /** Whether the last call of `execute` came from a session that is not known. */
  get isExpired(): boolean {
    return this._isExpired;
  }

  /** What a key holds, for a read that takes no place in the log. */
  read(key: string, sequence: number): string {
    if (this.sessionsMax > 0 && this.rules.isUsedByRead()) this.used(sessionOf(sequence));
    return this.cells.get(key)?.value ?? '';
  }

  /** The answer to a command; undefined for one of a session that has moved on and waits for none. */
  execute(call: Call): string | undefined {
    if (this.sessionsMax > 0) return this.executeLimited(call);
    const { client } = call;
    let session = this.sessions[client];
    if (session === undefined) {
      session = { sequence: 0, result: '' };
      this.sessions[client] = session;
    }
    return this.executeIn(session, call);
  }

  private executeLimited(call: Call): string | undefined {
    this._isExpired = false;
    if (call.operation.kind === 'open') {
      this.open(++this.opened);
      this._executed = true;
      this._hash = mix(this._hash, call.hash);
      return String(this.opened);
    }
    const number = sessionOf(call.sequence);
    const session =
      this.used(number) ?? (this.rules.isOpenedByAnyCommand() && number > 0 ? this.open(number) : undefined);
    if (session !== undefined) return this.executeIn(session, call);
    this._isExpired = true;
    this._executed = false;
    return undefined;
  }

  private open(number: number): Session {
    const session = { sequence: 0, result: '' };
    this.byUse.set(number, session);
    if (this.byUse.size > this.sessionsMax) this.byUse.delete(this.byUse.keys().next().value ?? number);
    return session;
  }

  /** A session has a command: it is the last to expire. */
  private used(number: number): Session | undefined {
    const session = this.byUse.get(number);
    if (session === undefined) return undefined;
    this.byUse.delete(number);
    this.byUse.set(number, session);
    return session;
  }

  private executeIn(session: Session, { hash, sequence, operation }: Call): string | undefined {
    this._executed = !this.rules.isRepeated(session.sequence, sequence);
    if (!this._executed) return this.rules.isRemembered(session.sequence, sequence) ? session.result : undefined;
    session.sequence = sequence;
    session.result = this.apply(operation);
    this._hash = mix(this._hash, hash);
    if (++this.commands % LOOK_EVERY === 0 && this.keyLife !== Infinity) this.dropOldKeys();
    return session.result;
  }

  private dropOldKeys(): void {
    for (const [key, { born }] of this.cells) {
      if (born >= this.commands - this.keyLife) return;
      this.cells.delete(key);
    }
  }

  /** What the machine is now, its sessions with it (section 7). */
  save(): KeyValueState {
    const cells: [string, string][] = [];
    let bytes = STATE_OVERHEAD_BYTES;
    const born: number[] = [];
    for (const [key, cell] of this.cells) {
      const { value } = cell;
      cells.push([key, value]);
      if (this.keyLife !== Infinity) born.push(cell.born);
      bytes += key.length + value.length;
    }
    const sessions: (Session | undefined)[] = [];
    for (let i = 0; this.rules.areSaved() && i < this.sessions.length; i++) {
      const session = this.sessions[i];
      sessions.push(session === undefined ? undefined : { sequence: session.sequence, result: session.result });
      bytes += session === undefined ? 0 : SESSION_BYTES + session.result.length;
    }
    const numbers = this.rules.areSaved() ? this.rules.savedOrder([...this.byUse.keys()]) : [];
    for (const number of numbers) {
      const session = this.byUse.get(number) as Session;
      sessions.push({ sequence: session.sequence, result: session.result });
      bytes += SESSION_BYTES + session.result.length;
    }
    return { hash: this._hash, bytes, cells, sessions, numbers, opened: this.opened, born, commands: this.commands };
  }

  /** Becomes what a machine wrote of itself. */
  restore({ hash, cells, sessions, numbers, opened, born, commands }: KeyValueState): void {
    this.cells.clear();
    this.sessions.length = 0;
    this.byUse.clear();
    this.opened = opened;
    this.commands = commands;
    cells.forEach(([key, value], i) => this.cells.set(key, { value, born: born[i] ?? 0 }));
    for (let i = 0; i < sessions.length; i++) {
      const session = sessions[i];
      if (session === undefined) continue;
      const copy = { sequence: session.sequence, result: session.result };
      if (this.sessionsMax === 0) this.sessions[i] = copy;
      else this.byUse.set(numbers[i] as number, copy);
    }
    this._hash = hash;
  }

  private apply(operation: Operation): string {
    let cell = this.cells.get(operation.key);
    if (cell === undefined) {
      if (operation.kind === 'get' || operation.kind === 'read' || operation.kind === 'open') return '';
      cell = { value: '', born: this.commands };
      this.cells.set(operation.key, cell);
    }
    switch (operation.kind) {
      case 'get':
      case 'read':
      case 'open':
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
