// The two streams that a person or a script reads, and how to write to them without surprises.
//
// A reader that goes away (`| head -1`) is not an error: what is left unsaid is dropped, the work goes on and the exit
// code stays true. Any other trouble is kept for the end. Nothing here decides what is said.

import { paintWith, wantsColour, type Paint } from './paint.ts';

const WIDTH_STANDARD = 80;
const WIDTH_MIN = 40;
const WIDTH_MAX = 100;

export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): boolean;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

export class Channel {
  readonly stream: Stream;
  paint: Paint = paintWith(false);
  /** What went wrong when writing, other than the reader's leaving. */
  trouble: string | undefined = undefined;
  private _isClosed = false;

  constructor(stream: Stream) {
    this.stream = stream;
    stream.on('error', (error) => {
      this._isClosed = true;
      if (error.code !== 'EPIPE') this.trouble ??= error.message;
    });
  }

  get isTerminal(): boolean {
    return this.stream.isTTY === true;
  }

  /** How many columns a line may have. */
  get width(): number {
    const { columns } = this.stream;
    if (!this.isTerminal || columns === undefined || columns < WIDTH_MIN) return WIDTH_STANDARD;
    return Math.min(columns, WIDTH_MAX);
  }

  /** The same for a line that programs read, too: without a terminal it stays whole. */
  get lineWidth(): number {
    return this.isTerminal ? this.width : Infinity;
  }

  /** The reader is gone: a command that would print a lot may stop printing it. */
  get isClosed(): boolean {
    return this._isClosed;
  }

  write(text: string): void {
    if (!this._isClosed && text !== '') this.stream.write(text);
  }

  line(text = ''): void {
    this.write(`${text}\n`);
  }

  lines(texts: readonly string[]): void {
    this.write(texts.map((text) => `${text}\n`).join(''));
  }
}

export class Terminal {
  readonly out: Channel;
  readonly err: Channel;
  readonly env: Readonly<Record<string, string | undefined>>;

  constructor(out: Stream, err: Stream, env: Readonly<Record<string, string | undefined>>) {
    this.out = new Channel(out);
    this.err = new Channel(err);
    this.env = env;
  }

  allowColour(allowed: boolean): void {
    for (const channel of [this.out, this.err]) {
      channel.paint = paintWith(wantsColour(channel.isTerminal, this.env, allowed));
    }
  }
}
