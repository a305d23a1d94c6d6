// The replicated state machine: texts by key, with client sessions (thesis 6.3).
//
// A session remembers the sequence number and the result of its last command. A command that comes again, by a retry
// or a duplicate, finds its answer there and has no second effect. The machine is volatile: a restarted process
// replays its log. The hash of the state is kept as it changes, so that machines are compared in O(1).

import { hashText, mix } from '../base/hash.ts';
import type { Operation } from '../base/operation.ts';
import type { Call } from '../sim/process.ts';

/** How sessions keep each command from having its effect twice; a variant may know no sessions. */
export interface SessionRules {
  /** Has this command, or a later one of its session, had its effect? */
  isRepeated(lastSequence: number, sequence: number): boolean;
}

export const exactlyOnce: SessionRules = Object.freeze({
  isRepeated: (lastSequence: number, sequence: number): boolean => sequence <= lastSequence,
});

interface Session {
  sequence: number;
  result: string;
}

export interface Execution {
  readonly executed: boolean;
  /** Undefined for a command of a session that has moved on: nobody waits for it. */
  readonly result: string | undefined;
}

export class KeyValueMachine {
  readonly #rules: SessionRules;
  readonly #values = new Map<string, string>();
  readonly #sessions: Session[] = [];
  #hash = 0;

  constructor(rules: SessionRules) {
    this.#rules = rules;
  }

  /** The same on two machines that executed the same commands. */
  get hash(): number {
    return this.#hash;
  }

  execute({ client, sequence, operation }: Call): Execution {
    let session = this.#sessions[client];
    if (session === undefined) {
      session = { sequence: 0, result: '' };
      this.#sessions[client] = session;
    }
    if (this.#rules.isRepeated(session.sequence, sequence)) {
      return { executed: false, result: sequence === session.sequence ? session.result : undefined };
    }
    session.sequence = sequence;
    session.result = this.#apply(operation);
    this.#hash = mix(mix(this.#hash, client), sequence);
    return { executed: true, result: session.result };
  }

  #apply(operation: Operation): string {
    const value = this.#values.get(operation.key) ?? '';
    switch (operation.kind) {
      case 'get':
        return value;
      case 'put':
        this.#set(operation.key, operation.value);
        return 'ok';
      case 'append':
        return this.#set(operation.key, value + operation.value);
      case 'cas':
        if (value !== operation.expected) return 'no';
        this.#set(operation.key, operation.value);
        return 'yes';
      case 'add':
        return this.#set(operation.key, String(Number(value) + operation.amount));
    }
  }

  #set(key: string, value: string): string {
    this.#values.set(key, value);
    this.#hash = mix(mix(this.#hash, hashText(key)), hashText(value));
    return value;
  }
}
