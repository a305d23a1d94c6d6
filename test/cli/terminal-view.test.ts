// `raft-sim view --terminal`, key by key: what stands on the screen after each.

import { describe, expect, it } from 'vitest';
import { Terminal, type Stream } from '../../src/cli/ui/terminal.ts';
import { terminalView } from '../../src/cli/view/terminal-view.ts';
import { findStep } from '../../src/view/find.ts';
import { failing, filmed } from '../support/films.ts';

const film = filmed(failing);

class Screen implements Stream {
  readonly isTTY: boolean;
  readonly columns = 80;
  text = '';

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): boolean {
    this.text += text;
    return true;
  }

  on(): void {}

  /** The lines of the last picture; the step at the cursor is the one that is inverted. */
  get lines(): string[] {
    return (this.text.split('\x1b[2J').at(-1) ?? '').split('\r\n');
  }

  get cursor(): string {
    return /\x1b\[7m(#\d+)/.exec(this.text.split('\x1b[2J').at(-1) ?? '')?.[1] ?? ''; // oxlint-disable-line no-control-regex
  }
}

class Keyboard {
  readonly isTTY = true;
  readonly raw: boolean[] = [];
  private listener: (data: string) => void = () => undefined;

  setRawMode(isRaw: boolean): void {
    this.raw.push(isRaw);
  }
  on(_event: 'data', listener: (data: string) => void): void {
    this.listener = listener;
  }
  off(): void {
    this.listener = () => undefined;
  }
  resume(): void {}
  pause(): void {}
  press(key: string): void {
    this.listener(key);
  }
}

describe('view --terminal', () => {
  it('goes by the keyboard, finds, tells what changed, and leaves the terminal as it was', async () => {
    const [screen, keyboard] = [new Screen(true), new Keyboard()];
    const done = terminalView(film, new Terminal(screen, new Screen(true), {}), keyboard);
    const after = (...keys: string[]): string => {
      for (const key of keys) keyboard.press(key);
      return screen.cursor;
    };
    const [up, down] = ['\x1b[A', '\x1b[B'];
    expect(screen.cursor).toBe('#818');
    expect(screen.lines.find((line) => line.startsWith('n2  '))).toMatch(/^n2 {2}\*role leader {2}term 5 /);
    expect(screen.lines).toHaveLength(24);
    expect(after(up)).toBe('#817');
    expect(after(down, down)).toBe('#818');
    expect(after('g')).toBe('#1');
    expect(after(up)).toBe('#1');
    const first = after('n');
    expect(after('n', 'p')).toBe(first);
    expect(after('v')).toBe('#818');
    expect(after('g', '/', 'dr', 'op', '\r')).toBe(`#${findStep(film.history, 'DROP', 1, 1)}`);
    const next = findStep(film.history, 'drop', Number(screen.cursor.slice(1)), 1);
    expect(after('\r')).toBe(`#${next}`);
    after('v', 's');
    expect(screen.lines.length).toBeLessThanOrEqual(24);
    expect(screen.lines.join(' ')).toContain('voters n1 n2 n3 n4 n5');
    expect(keyboard.raw).toEqual([true]);
    keyboard.press('q');
    expect(await done).toBe(0);
    expect(keyboard.raw).toEqual([true, false]);
    expect(screen.text.endsWith('\x1b[?25h\x1b[?1049l')).toBe(true);
  });

  it('prints every step once where there is no terminal', async () => {
    const screen = new Screen(false);
    expect(await terminalView(film, new Terminal(screen, screen, {}), new Keyboard())).toBe(0);
    expect(screen.text.match(/^#\d+/gm)).toHaveLength(818);
    expect(screen.text).not.toContain('\x1b');
  });
});

describe('the search of the viewer', () => {
  const history = { lines: ['', 'crash n1', 'deliver', 'Crash n2'], last: 3 };

  it('goes round, in both directions, whatever the case', () => {
    expect(findStep(history, 'CRASH', 1, 1)).toBe(3);
    expect(findStep(history, 'crash', 3, 1)).toBe(1);
    expect(findStep(history, 'crash', 1, -1)).toBe(3);
    expect(findStep(history, 'deliver', 2, 1)).toBe(2);
    expect(findStep(history, 'crash', 0, -1)).toBe(3);
    expect(findStep(history, 'pause', 1, 1)).toBe(undefined);
    expect(findStep(history, '', 1, 1)).toBe(undefined);
  });
});
