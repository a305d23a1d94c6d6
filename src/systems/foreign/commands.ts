// Commands on their way through a server that is not ours, which carries them as texts that it does not understand.
//
// A call of a client becomes a token; what comes back with a token is that call, and the same object in every log. Any
// other text is a command of the system's own: a no-op, a change of its configuration. Two equal texts are one command.

import { hashText } from '../../base/hash.ts';
import { NO_OP, type Command } from '../../protocol/message.ts';
import type { Call } from '../../protocol/operation.ts';

export class Commands {
  private readonly byText = new Map<string, Command>([['', NO_OP]]);
  private readonly texts = new Map<Command, string>([[NO_OP, '']]);

  /** The token of a call: the same in each retry. */
  tokenOf(call: Call): string {
    const known = this.texts.get(call);
    if (known !== undefined) return known;
    const token = `c${call.client + 1}.${call.sequence}`;
    if (!this.byText.has(token)) this.byText.set(token, call);
    this.texts.set(call, token);
    return token;
  }

  /** The first object that a call was: a trace that is taken again makes one for each retry. */
  firstOf(call: Call): Call {
    return this.byText.get(this.tokenOf(call)) as Call;
  }

  /** What a text of the log, or of an applied entry, stands for. */
  commandOf(text: string): Command {
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    const command: Command = Object.freeze({ hash: hashText(text), bytes: text.length });
    this.byText.set(text, command);
    this.texts.set(command, text);
    return command;
  }

  /** The text that a command came as. */
  textOf(command: Command): string {
    return this.texts.get(command) ?? '';
  }
}

/** Whether a command is a client's call. */
export const isClientCall = (command: Command): command is Call => 'operation' in command;
