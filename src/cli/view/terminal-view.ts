// `raft-sim view --terminal`: the lanes as text, with arrow keys, search, and the state of the servers below.
//
// Without a terminal on both sides it prints every step once and is done.

import { clockText } from '../../base/ids.ts';
import type { Film } from '../../view/film.ts';
import { findStep } from '../../view/find.ts';
import { interestsIn, type Interest } from '../../view/interest.ts';
import { stepSentence } from '../../view/sentence.ts';
import { stateAt } from '../../view/state.ts';
import { fitsLanes, laneHead, laneLine } from '../../view/text-lanes.ts';
import { type ExitCode, exits } from '../exit-code.ts';
import { wrapped } from '../ui/layout.ts';
import type { Terminal } from '../ui/terminal.ts';

/** Lines besides the steps and the servers: the names of the lanes, a rule, the sentence, the keys. */
const FOOT = 4;
/** Steps that are always in sight. */
const LANES_MIN = 5;
const PLAIN_WIDTH = 200;
const CLEAR = '\u001B[H\u001B[2J';
const [ENTER, LEAVE] = ['\u001B[?1049h\u001B[?25l', '\u001B[?25h\u001B[?1049l'];

interface Keyboard {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
  on(event: 'data', listener: (data: Buffer | string) => void): unknown;
  off(event: 'data', listener: (data: Buffer | string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export async function terminalView(film: Film, terminal: Terminal, keyboard: Keyboard): Promise<ExitCode> {
  const { out } = terminal;
  if (!out.isTerminal || keyboard.isTTY !== true || keyboard.setRawMode === undefined) {
    printAll(film, terminal);
    return exits.kept;
  }
  const view = new Screen(film, terminal);
  keyboard.setRawMode(true);
  keyboard.resume();
  out.write(ENTER);
  view.draw();
  await new Promise<void>((resolve) => {
    const listen = (data: Buffer | string): void => {
      if (view.press(data.toString())) return view.draw();
      keyboard.off('data', listen);
      resolve();
    };
    keyboard.on('data', listen);
  });
  out.write(LEAVE);
  keyboard.setRawMode(false);
  keyboard.pause();
  return exits.kept;
}

/** Every step on a line, with lanes where they fit. */
function printAll({ history, run }: Film, { out }: Terminal): void {
  const width = out.isTerminal ? out.width : PLAIN_WIDTH;
  const hasLanes = fitsLanes(history.servers, width);
  if (hasLanes) out.line(laneHead(history.servers));
  for (let step = 1; step <= history.last && !out.isClosed; step++) {
    out.line(hasLanes ? laneLine(history, step, width) : (history.lines[step] ?? ''));
  }
  const { violation } = run;
  out.line();
  out.line(
    violation === undefined
      ? `${history.last} steps, nothing broken`
      : `✗ ${violation.property} broken at step ${violation.step}: ${violation.why}`,
  );
}

class Screen {
  private readonly film: Film;
  private readonly terminal: Terminal;
  private readonly interests: readonly Interest[];
  private step: number;
  /** What is looked for; undefined while nothing is typed. */
  private typed: string | undefined = undefined;
  private wanted = '';
  /** All that the page tells of a server, not a line of it. */
  private isWhole = false;

  constructor(film: Film, terminal: Terminal) {
    this.film = film;
    this.terminal = terminal;
    this.interests = interestsIn(film);
    this.step = film.run.violation?.step ?? film.history.last;
  }

  /** Takes a key; false if the reader wants to leave. */
  press(key: string): boolean {
    if (this.typed !== undefined) return this.type(key);
    const { last } = this.film.history;
    const by = moves[key];
    if (by !== undefined) this.step += by;
    else if (key === 'g' || key === '\u001B[H') this.step = 1;
    else if (key === 'G' || key === '\u001B[F') this.step = last;
    else if (key === 'v') this.step = this.film.run.violation?.step ?? this.step;
    else if (key === 'n') this.step = this.interests.find(({ step }) => step > this.step)?.step ?? this.step;
    else if (key === 'p') this.step = this.interests.findLast(({ step }) => step < this.step)?.step ?? this.step;
    else if (key === 's') this.isWhole = !this.isWhole;
    else if (key === '/') this.typed = '';
    else if (key === '\r') this.find();
    else if (key === 'q' || key === '\u0003' || key === '\u001B') return false;
    this.step = Math.max(1, Math.min(last, this.step));
    return true;
  }

  private type(key: string): boolean {
    if (key === '\u0003') return false;
    if (key === '\u001B') this.typed = undefined;
    else if (key === '\r') {
      this.wanted = this.typed ?? '';
      this.typed = undefined;
      this.find();
    } else if (key === '\u007F') this.typed = this.typed?.slice(0, -1);
    else this.typed += key.replace(/\p{Cc}/gu, '');
    return true;
  }

  private find(): void {
    this.step = findStep(this.film.history, this.wanted, this.step, 1) ?? this.step;
  }

  draw(): void {
    const { out } = this.terminal;
    const { history } = this.film;
    const { columns, rows } = process.stdout;
    const width = Math.max(40, columns || 80);
    const most = Math.max(1, (rows || 24) - FOOT - LANES_MIN);
    const states = (this.isWhole ? this.wholeStates(width) : this.states(width)).slice(0, most);
    const room = Math.max(LANES_MIN, (rows || 24) - FOOT - states.length);
    const first = Math.max(1, Math.min(history.last - room + 1, this.step - Math.floor(room / 2)));
    const lines = [fitsLanes(history.servers, width) ? laneHead(history.servers) : ''];
    for (let step = first; step < first + room; step++) {
      if (step > history.last) lines.push('');
      else lines.push(this.line(step, width));
    }
    const { paint } = out;
    lines.push(paint.faint('─'.repeat(width)), cut(this.sentence(), width), ...states);
    const keys = '←→ steps  n p events  v broken  / find  s state  g G ends  q leave';
    lines.push(paint.faint(cut(this.typed === undefined ? keys : `/${this.typed}`, width)));
    out.write(`${CLEAR}${lines.join('\r\n')}`);
  }

  private line(step: number, width: number): string {
    const { history, run } = this.film;
    const text = fitsLanes(history.servers, width)
      ? laneLine(history, step, width)
      : cut((history.lines[step] ?? '').trim(), width);
    const { paint } = this.terminal.out;
    if (step === this.step) return `\u001B[7m${text.padEnd(width)}\u001B[0m`;
    return step === run.violation?.step ? paint.bad(text) : text;
  }

  private sentence(): string {
    const { history } = this.film;
    const at = clockText(history.step(this.step).at);
    return `${at}  ${stepSentence(history, this.step)}`;
  }

  /** A server on a line; what the step changed stands in front, with a star. */
  private states(width: number): string[] {
    return stateAt(this.film.history, this.step, this.step - 1).map(({ name, texts, cells, cellsBefore }) => {
      const log = cells.map(({ index, term }) => `${index}@${term}`).slice(-4);
      const shown = texts.filter(({ key }) => ['role', 'term', 'vote', 'commit', 'disk'].includes(key));
      const words = shown.map(({ label, text, was }) => `${was === undefined ? '' : '*'}${label} ${text}`);
      const front = cellsBefore + cells.length > 4 ? '…' : '';
      return cut(`${name}  ${words.join('  ')}  log ${front}${log.join(' ') || 'empty'}`, width);
    });
  }

  /** The table of the page: every text of a server, then its log. */
  private wholeStates(width: number): string[] {
    return stateAt(this.film.history, this.step, this.step - 1).flatMap(({ name, texts, cells, cellsBefore }) => {
      const words = texts.map(({ label, text, was }) => `${was === undefined ? '' : '*'}${label} ${text}`);
      const log = cells.map(({ index, term, words: of, isNew }) => `${isNew ? '*' : ''}${index}@${term} ${of}`);
      if (cellsBefore > 0) log.unshift(`${cellsBefore} before`);
      const lines = [
        ...wrapped(words.join('  '), width - 4),
        ...wrapped(`log ${log.join(', ') || 'empty'}`, width - 4),
      ];
      return lines.map((line, i) => `${i === 0 ? name : '  '}  ${line}`);
    });
  }
}

const cut = (text: string, width: number): string => Array.from(text).slice(0, width).join('');

/** By key as the terminal sends it: how many steps it goes. */
const moves: Readonly<Record<string, number>> = {
  '\u001B[A': -1,
  '\u001B[D': -1,
  k: -1,
  '\u001B[B': 1,
  '\u001B[C': 1,
  j: 1,
  '\u001B[5~': -20,
  '\u001B[6~': 20,
};
