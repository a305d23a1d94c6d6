// One child process, asked line by line or frame by frame; whoever asks stands still until there is an answer.
//
// A child that does not answer in time, is gone, or answers with too much is told as a SystemTrouble and ended; the
// next question starts a fresh one. Real time decides only how long an answer is waited for.

import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { SystemTrouble } from '../../protocol/system-trouble.ts';

/** What the thread beside a child is given. */
export interface ThreadData {
  /** The program and its words. */
  readonly command: readonly string[];
  readonly woken: SharedArrayBuffer;
  readonly bytesMax: number;
  readonly port: MessagePort;
}

/** What the thread tells of its child. */
export type ThreadEvent =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  | { readonly kind: 'flood'; readonly length: number }
  | { readonly kind: 'time' }
  | { readonly kind: 'gone'; readonly how: string; readonly errors: string };

/**
 * What the thread is asked: to write, to read frames from now on, to end the child; to take this moment for one of
 * virtual time, and to tell when real time has come to another.
 */
export type ThreadRequest =
  string | Uint8Array | { readonly frames: true } | { readonly beginAt: number } | { readonly tellAt: number } | null;

/** What stands in the shared word when the child was ended. */
export const ENDED = -1;
const END_MILLIS = 500;

/** No answer is longer. */
const BYTES_MAX = 32 * 1024 * 1024;

export class ChildLink {
  private readonly command: readonly string[];
  private readonly patienceMillis: number;
  private flag = new Int32Array(new SharedArrayBuffer(4));
  private port: MessagePort | undefined;
  private thread: Worker | undefined;
  /** Counts the children that were started. */
  started = 0;

  /** A command is a program and its words; those with spaces stand in quotes, and no shell reads them. */
  constructor(command: string, patienceMillis: number) {
    this.command = Array.from(command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g), ([, a, b, c]) => a ?? b ?? c ?? '');
    this.patienceMillis = patienceMillis;
  }

  get isRunning(): boolean {
    return this.port !== undefined;
  }

  /** Sends a line and returns the one that comes back. */
  ask(request: string): string {
    const event = this.askFor(`${request}\n`);
    if (event.kind !== 'line') this.refuse(event, 'instead of an answer');
    return event.line;
  }

  /** From now on this child speaks in frames: a length of four bytes, and so many bytes. */
  speakInFrames(): void {
    this.port?.postMessage({ frames: true } satisfies ThreadRequest);
  }

  /** Sends a frame, its length before it, and returns what is in the one that comes back. */
  askFrame(request: Uint8Array): Uint8Array {
    const event = this.askFor(request);
    if (event.kind !== 'frame') this.refuse(event, 'instead of an answer');
    return event.bytes;
  }

  /** Sends a line that nobody waits for. */
  post(request: string): void {
    if (this.port === undefined) throw new SystemTrouble('the system is gone');
    this.port.postMessage(`${request}\n`, []);
  }

  /** Waits for one more line. */
  nextLine(): string {
    const event = this.waited(this.port ?? this.begun());
    if (event.kind !== 'line') this.refuse(event, 'instead of an answer');
    return event.line;
  }

  /** Takes this moment for one of virtual time, in microseconds. */
  begin(at: number): void {
    this.port?.postMessage({ beginAt: at } satisfies ThreadRequest);
  }

  /** Waits until real time has come to a moment of virtual time, and returns what was written meanwhile. */
  linesUntil(at: number): readonly string[] {
    if (this.port === undefined) throw new SystemTrouble('the system is gone');
    const lines: string[] = [];
    this.port.postMessage({ tellAt: at } satisfies ThreadRequest, []);
    for (;;) {
      const event = this.waited(this.port);
      if (event.kind === 'time') return lines;
      if (event.kind !== 'line') this.refuse(event, 'in the middle of its work');
      lines.push(event.line);
    }
  }

  private askFor(request: string | Uint8Array): ThreadEvent {
    const port = this.port ?? this.begun();
    const stray: { message: ThreadEvent } | undefined = receiveMessageOnPort(port);
    if (stray !== undefined) this.refuse(stray.message, 'between two answers');
    port.postMessage(request);
    return this.waited(port);
  }

  private waited(port: MessagePort): ThreadEvent {
    const event = this.next(port);
    if (event === undefined) {
      this.end();
      throw new SystemTrouble(`the system does not answer within ${this.patienceMillis} ms`);
    }
    return event;
  }

  private next(port: MessagePort): ThreadEvent | undefined {
    for (;;) {
      const seen = Atomics.load(this.flag, 0);
      const found: { message: ThreadEvent } | undefined = receiveMessageOnPort(port);
      if (found !== undefined) return found.message;
      if (Atomics.wait(this.flag, 0, seen, this.patienceMillis) === 'timed-out') return undefined;
    }
  }

  /** Ends the child; the next question starts another one. */
  end(): void {
    this.port?.postMessage(null);
    // Nothing that hangs shall outlive the simulator.
    for (let i = 0; i < END_MILLIS && this.port !== undefined && Atomics.load(this.flag, 0) !== ENDED; i++) {
      Atomics.wait(this.flag, 0, Atomics.load(this.flag, 0), 1);
    }
    this.port?.close();
    this.port = undefined;
    this.thread = undefined;
  }

  private refuse(event: ThreadEvent, when: string): never {
    this.end();
    switch (event.kind) {
      case 'line':
        throw new SystemTrouble(`the system wrote ${JSON.stringify(event.line.slice(0, 60))} ${when}`);
      case 'time':
        throw new SystemTrouble(`the clock of the system spoke ${when}`);
      case 'frame':
        throw new SystemTrouble(`the system wrote a frame of ${event.bytes.length} bytes ${when}`);
      case 'flood':
        throw new SystemTrouble(`the system wrote ${event.length} bytes, more than ${BYTES_MAX}, ${when}`);
      case 'gone': {
        const last = event.errors.trimEnd().split('\n').at(-1) ?? '';
        throw new SystemTrouble(`the system ${event.how} ${when}${last === '' ? '' : `: ${last.slice(0, 200)}`}`);
      }
    }
  }

  private begun(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.flag = new Int32Array(new SharedArrayBuffer(4));
    const data: ThreadData = {
      command: this.command,
      woken: this.flag.buffer,
      bytesMax: BYTES_MAX,
      port: port2,
    };
    this.thread = new Worker(threadUrl(), { workerData: data, transferList: [port2] });
    this.thread.unref();
    port1.unref();
    this.port = port1;
    this.started++;
    return port1;
  }
}

/** Threads run what was compiled, also where the sources are run. */
function threadUrl(): URL {
  const here = import.meta.url;
  return here.endsWith('.ts') ? new URL('../../../dist/systems/child/thread.js', here) : new URL('./thread.js', here);
}
