// A terminal that is a sheet of paper: what is written to it can be read again.
//
// It is no TTY and has 80 columns, like every stream that is redirected.

import { Terminal, type Stream } from '../../src/cli/ui/terminal.ts';

export interface Sheet extends Stream {
  readonly text: () => string;
  fail(code: string): void;
}

export function sheet(shape: { readonly isTTY?: boolean; readonly columns?: number } = {}): Sheet {
  let text = '';
  const listeners: ((error: NodeJS.ErrnoException) => void)[] = [];
  return {
    ...shape,
    write(more) {
      text += more;
      return true;
    },
    on(_event, listener) {
      listeners.push(listener);
    },
    text: () => text,
    fail(code) {
      for (const listener of listeners) listener(Object.assign(new Error(`planted ${code}`), { code }));
    },
  };
}

export function paper(): { terminal: Terminal; out: () => string; err: () => string } {
  const [out, err] = [sheet(), sheet()];
  return { terminal: new Terminal(out, err, {}), out: out.text, err: err.text };
}
