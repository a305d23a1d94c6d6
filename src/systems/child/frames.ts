// A server in a child that speaks in frames: the questions and answers of a WebAssembly module, over a pipe.
//
// The first line and its answer are JSON as ever; with `"frames": true` there, everything else is a length and so many
// bytes. A server of a child that was started anew knows nothing of a run, and is not asked on.

import type { NodeId } from '../../base/ids.ts';
import { SystemTrouble } from '../../protocol/system-trouble.ts';
import type { Backend, Boot, Wishes } from '../foreign/backend.ts';
import { AnswerReader, Question, QuestionWriter, tellAnswer, writeBoot } from '../wasm/bytes.ts';

/** The questions that only a child with many clusters is asked. */
const HouseQuestion = { stop: 8, forget: 9 } as const;

/** What carries frames to a child. */
interface FrameCarrier {
  /** Counts the children that were started. */
  readonly lives: number;
  askFrame(frame: Uint8Array): Uint8Array;
  /** Of a child that keeps its own time: waits until real time has come to a moment of virtual time. */
  waitUntil(now: number): void;
}

const LENGTH_BYTES = 4;
const TWO_TO_32 = 2 ** 32;

export class FrameServer implements Backend {
  private readonly carrier: FrameCarrier;
  private readonly cluster: number;
  private readonly node: number;
  private readonly writer = new QuestionWriter();
  /** The child that knows this server. */
  private life = 0;

  constructor(carrier: FrameCarrier, cluster: number, node: number) {
    this.carrier = carrier;
    this.cluster = cluster;
    this.node = node;
  }

  start(boot: Boot, now: number, wishes: Wishes): void {
    this.life = 0;
    const question = this.question(Question.start, now);
    writeBoot(question, this.node, boot);
    this.ask(wishes);
    this.life = this.carrier.lives;
  }

  stop(): void {
    if (this.life === this.carrier.lives) this.tell(HouseQuestion.stop);
  }

  /** The cluster is over. */
  forget(): void {
    this.tell(HouseQuestion.forget);
  }

  tick(now: number, wishes: Wishes): void {
    this.carrier.waitUntil(now);
    this.question(Question.tick, now);
    this.ask(wishes);
  }

  timeout(timer: 'election' | 'heartbeat', now: number, wishes: Wishes): void {
    this.question(Question.timeout, now).u32(timer === 'election' ? 0 : 1);
    this.ask(wishes);
  }

  receive(from: NodeId, payload: string, now: number, wishes: Wishes): void {
    const question = this.question(Question.receive, now);
    question.u32(from + 1);
    question.text(payload);
    this.ask(wishes);
  }

  propose(command: string, now: number, wishes: Wishes): void {
    this.question(Question.propose, now).text(command);
    this.ask(wishes);
  }

  written(ticket: number, now: number, wishes: Wishes): void {
    this.question(Question.written, now).u32(ticket);
    this.ask(wishes);
  }

  private question(number: number, now: number): QuestionWriter {
    const { writer } = this;
    writer.clear();
    writer.u32(0);
    writer.u32(this.cluster);
    writer.u32(this.node);
    writer.u32(number);
    writer.u32(now % TWO_TO_32);
    writer.u32(Math.floor(now / TWO_TO_32));
    return writer;
  }

  private ask(wishes: Wishes): void {
    if (this.life !== 0 && this.life !== this.carrier.lives) {
      throw new SystemTrouble('the system was started anew in the middle of a run');
    }
    const answer = this.answer();
    tellAnswer(new AnswerReader(answer, 0, answer.length), wishes);
  }

  private tell(number: number): void {
    this.question(number, 0);
    try {
      this.answer();
    } catch (error) {
      // Whatever is wrong with the system, the next question tells.
      if (!(error instanceof SystemTrouble)) throw error;
    }
  }

  private answer(): Uint8Array {
    const { writer } = this;
    writer.data.writeUInt32LE(writer.length - LENGTH_BYTES, 0);
    return this.carrier.askFrame(new Uint8Array(writer.data.subarray(0, writer.length)));
  }
}
