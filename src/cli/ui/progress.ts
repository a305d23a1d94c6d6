// How far a run has come, on standard error: one live line on a terminal, a plain line now and then everywhere else.
//
// A terminal without a width gets plain lines: ora would clear infinitely many lines there and never come back. The
// spinner hides no cursor and reads no keys, so that nothing has to be put right when the program is stopped.

import type { Ora } from 'ora';
import { clipped } from './layout.ts';
import type { ProcessEnvironment } from './paint.ts';
import type { Channel } from './terminal.ts';

export type ProgressMode = 'spinner' | 'lines' | 'none';

export function progressMode(channel: Channel, env: ProcessEnvironment, quiet: boolean): ProgressMode {
  if (quiet) return 'none';
  const { columns } = channel.stream;
  const isLive = channel.isTerminal && columns !== undefined && columns > 0;
  const isMachine = !['', '0', 'false', undefined].includes(env['CI']) || env['TERM'] === 'dumb';
  return isLive && !isMachine ? 'spinner' : 'lines';
}

/** A run shorter than this shows nothing. */
const SPINNER_AFTER = 300;
const SPINNER_EVERY = 100;
const LINES_EVERY = 10_000;

export class Progress {
  private readonly channel: Channel;
  private readonly clock: () => number;
  private readonly spins: boolean;
  private readonly isOn: boolean;
  private readonly every: number;
  private next: number;
  private isOver = false;
  private isStarting = false;
  private spinner: Ora | undefined;

  /** `clock` gives real milliseconds; plain lines come so many milliseconds apart. */
  constructor(channel: Channel, mode: ProgressMode, clock: () => number, linesEvery = LINES_EVERY) {
    this.channel = channel;
    this.clock = clock;
    this.isOn = mode !== 'none';
    this.spins = mode === 'spinner';
    this.every = this.spins ? SPINNER_EVERY : linesEvery;
    this.next = clock() + (this.spins ? SPINNER_AFTER : linesEvery);
  }

  /** Called often; asks for the text only when it is time to show it. */
  async tick(render: () => string): Promise<void> {
    if (!this.isOn || this.isOver) return;
    const now = this.clock();
    if (now < this.next) return;
    this.next = now + this.every;
    if (this.spins) await this.show(render());
    else this.channel.line(render());
  }

  /** Takes the live line away. */
  stop(): void {
    this.isOver = true;
    this.spinner?.stop();
    this.spinner = undefined;
  }

  /** Loading takes a while: in between no second one is started, and the end may come. */
  private async start(text: string): Promise<void> {
    this.isStarting = true;
    const spinner = await newSpinner(text, () => this.stop());
    if (this.isOver) spinner.stop();
    else this.spinner = spinner;
  }

  private async show(text: string): Promise<void> {
    const { columns = 0 } = this.channel.stream;
    if (columns <= 0) {
      this.stop();
      return;
    }
    const short = clipped(text, columns - 4);
    if (this.spinner !== undefined) this.spinner.text = short;
    else if (!this.isStarting) await this.start(short);
  }
}

async function newSpinner(text: string, stop: () => void): Promise<Ora> {
  const { default: ora } = await import('ora');
  const { stderr } = process;
  stderr.on('resize', () => {
    if (stderr.columns <= 0) stop();
  });
  return ora({ text, stream: stderr, color: false, hideCursor: false, discardStdin: false, isEnabled: true }).start();
}
