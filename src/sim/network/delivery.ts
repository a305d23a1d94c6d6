// Delivery: draws what becomes of a message that was sent: lost, doubled, held up, overtaken.
//
// Draws are keyed by link and number, so that one message more or less shifts no other. On a quiet link messages arrive
// in the order in which they were sent.

import type { Message } from '../../protocol/message.ts';
import { keyedBelow, keyedChance, type Random } from '../../base/random.ts';
import { EventKind } from '../schedule/event-kind.ts';
import type { Parameters } from '../parameters.ts';
import type { EventQueue } from '../schedule/queue.ts';
import type { World } from '../world.ts';

// What a keyed draw is about; the numbers keep the draws of one message apart.
const DELAY = 0x1000_0001;
const LOSS = 0x2000_0003;
const DUPLICATE = 0x3000_0005;
const REORDER = 0x4000_0007;
const LONG_DELAY = 0x5000_000b;
const LONG_DELAY_LENGTH = 0x6000_000d;
/** Sets the draws of a copy apart from those of its original. */
export const COPY = 0x7000_0011;

export class Delivery {
  private readonly world: World;
  private readonly queue: EventQueue;
  private delayMin = 0;
  private delayRange = 0;
  private loss = 0;
  private lossCorrelation = 0;
  /** By link: 1 if the last message was lost. */
  private readonly wasLost: Uint8Array;
  private duplicate = 0;
  private reorder = 0;
  private longDelay = 0;
  private longDelayMax = 0;
  private capacity = 0;
  private readonly linkKeys: Int32Array;
  private readonly onLink: Int32Array;
  private readonly lastArrival: Float64Array;
  /** Nothing but delays happens to messages. */
  calm = false;

  constructor(world: World, queue: EventQueue, seed: Random) {
    const links = world.nodes * world.nodes;
    this.world = world;
    this.queue = queue;
    this.linkKeys = Int32Array.from({ length: links }, (_, link) => seed.stream('link', link).key());
    this.onLink = new Int32Array(links);
    this.wasLost = new Uint8Array(links);
    this.lastArrival = new Float64Array(links);
  }

  adopt(parameters: Parameters): void {
    this.delayMin = parameters.delayMin;
    this.delayRange = parameters.delayMax - parameters.delayMin + 1;
    this.loss = parameters.loss;
    this.lossCorrelation = parameters.lossCorrelation;
    this.duplicate = parameters.duplicate;
    this.reorder = parameters.reorder;
    this.longDelay = parameters.longDelay;
    this.longDelayMax = parameters.longDelayMax;
    this.capacity = parameters.capacity;
  }

  /** A message is on its way no more. */
  arrived(link: number): void {
    this.onLink[link] = (this.onLink[link] as number) - 1;
  }

  /** A message was sent: it goes its way, or it does not. */
  take(link: number, number: number, message: Message): void {
    const now = this.world.now;
    if (this.world.network.isCut(link)) {
      this.queue.push(now, EventKind.dropCut, link, number, message);
      return;
    }
    const key = this.linkKeys[link] as number;
    if (!this.calm) {
      const isBurst = this.wasLost[link] === 1 && this.lossCorrelation > this.loss;
      const isLost = keyedChance(key, number ^ LOSS, isBurst ? this.lossCorrelation : this.loss);
      this.wasLost[link] = isLost ? 1 : 0;
      if (isLost) {
        this.queue.push(now, EventKind.dropLost, link, number, message);
        return;
      }
      if (this.capacity > 0 && (this.onLink[link] as number) >= this.capacity) {
        this.queue.push(now, EventKind.dropFull, link, number, message);
        return;
      }
      if (keyedChance(key, number ^ DUPLICATE, this.duplicate)) {
        this.queue.push(now, EventKind.duplicate, link, number, message);
      }
    }
    this.send(link, number, message, number);
  }

  /** Puts a message, or the copy of one, on its way. */
  send(link: number, number: number, message: Message, draw: number): void {
    const now = this.world.now;
    const key = this.linkKeys[link] as number;
    let delay = this.delayMin + keyedBelow(key, draw ^ DELAY, this.delayRange);
    delay *= this.world.network.slowness(link);
    let arrival = now + delay;
    const odd = !this.calm && keyedChance(key, draw ^ LONG_DELAY, this.longDelay);
    if (odd) {
      arrival += keyedBelow(key, draw ^ LONG_DELAY_LENGTH, this.longDelayMax + 1);
    } else if (this.reorder === 0 || this.calm || !keyedChance(key, draw ^ REORDER, this.reorder)) {
      const last = this.lastArrival[link] as number;
      if (arrival < last) arrival = last;
      this.lastArrival[link] = arrival;
    }
    this.onLink[link] = (this.onLink[link] as number) + 1;
    this.queue.push(arrival, EventKind.deliver, link, number, message);
  }
}
