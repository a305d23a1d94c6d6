// The space-time diagram: a lane for each server, time downwards, a line for each message from its step to its end.
//
// Pure geometry: from the rows that are to be seen to shapes. It costs what is visible, never the length of the run.

import { nodeName } from '../base/ids.ts';
import { nodeOf, type Step } from '../sim/step.ts';
import { notation, notationOf } from '../trace/notation.ts';
import { bandOf, linkBands, type LinkBand } from './bands.ts';
import type { MarkedFact } from './facts.ts';
import { FlightIndex } from './flight-index.ts';
import type { Flight, History } from './history.ts';
import { placeAfter, type ServerMoment } from './moments.ts';
import { badgeOf, looksAlike, plainSigns, plainLine, shortened } from './picture-words.ts';
import { stepsOn, type Rows } from './rows.ts';
import type { Scale } from './scale.ts';
import { arrowHead, termPaint, type PaintName, type Shape } from './shapes.ts';

export interface PictureInput {
  readonly history: History;
  readonly rows: Rows;
  readonly scale: Scale;
  readonly width: number;
  /** The step at the cursor, and one that it is compared with. */
  readonly cursor: number;
  readonly pinned: number | undefined;
  readonly facts: readonly MarkedFact[];
  /** By step: 1 where it is lit; undefined if everything is. */
  readonly lit: Uint8Array | undefined;
  /** What is written beside the lanes. */
  readonly hasTexts: boolean;
}

const NUMBER_WIDTH = 62;
const BAND_WIDTH = 9;
const LANE_MIN = 60;
const LANE_MAX = 128;
const TEXT_MIN = 420;
/** Words stand right of the last lane. */
const LABEL_ROOM = 96;
const DIM = 0.16;

export interface Lanes {
  readonly clients: number | undefined;
  readonly servers: readonly number[];
  readonly spacing: number;
  /** Where the texts begin; undefined if there is no room for them. */
  readonly texts: number | undefined;
  readonly bands: number;
}

/** Draws ranges of one run. */
export class Picture {
  readonly history: History;
  readonly bands: readonly LinkBand[];
  private readonly flights: FlightIndex;
  private readonly hasClients: boolean;

  constructor(history: History) {
    this.history = history;
    this.bands = linkBands(history);
    this.flights = new FlightIndex(history);
    this.hasClients = history.steps.some((step) => step !== undefined && 'client' in step);
  }

  lanes(width: number, hasTexts: boolean): Lanes {
    const { servers } = this.history;
    const columns = Math.min(
      4,
      this.bands.reduce((most, { column }) => Math.max(most, column + 1), 0),
    );
    const bands = NUMBER_WIDTH;
    const edge = bands + columns * BAND_WIDTH + 8;
    const count = servers + (this.hasClients ? 1 : 0);
    const wantsTexts = hasTexts && width - edge - count * LANE_MIN >= TEXT_MIN;
    const room = width - edge - (wantsTexts ? TEXT_MIN : 0);
    const spacing = Math.max(36, Math.min(LANE_MAX, room / count));
    const margin = Math.max(0, LABEL_ROOM - spacing / 2);
    const begin = edge + (wantsTexts && !this.hasClients ? margin : 0);
    const x = (place: number): number => begin + (place + 0.5) * spacing;
    const offset = this.hasClients ? 1 : 0;
    return {
      clients: this.hasClients ? x(0) : undefined,
      servers: Array.from({ length: servers }, (_, i) => x(i + offset)),
      spacing,
      texts: wantsTexts ? begin + count * spacing + Math.max(10, margin) : undefined,
      bands,
    };
  }

  /** The names above the lanes. */
  head(width: number, hasTexts: boolean, height: number): Shape[] {
    const lanes = this.lanes(width, hasTexts);
    const name = (x: number, text: string): Shape => ({
      kind: 'text',
      x,
      y: height / 2,
      text,
      paint: 'ink',
      size: 13,
      anchor: 'middle',
      isBold: true,
    });
    return [
      ...(lanes.clients === undefined ? [] : [name(lanes.clients, 'clients')]),
      ...lanes.servers.map((x, i) => name(x, nodeName(i as never))),
    ];
  }

  /** The shapes of these rows, both included. */
  shapes(input: PictureInput, from: number, to: number): Shape[] {
    return new Drawing(this.history, this.bands, this.flights, this.lanes(input.width, input.hasTexts), input).draw(
      from,
      to,
    );
  }
}

class Drawing {
  private readonly shapes: Shape[] = [];
  private readonly history: History;
  private readonly bands: readonly LinkBand[];
  private readonly flights: FlightIndex;
  private readonly lanes: Lanes;
  private readonly input: PictureInput;
  private readonly size: number;

  constructor(history: History, bands: readonly LinkBand[], flights: FlightIndex, lanes: Lanes, input: PictureInput) {
    this.history = history;
    this.bands = bands;
    this.flights = flights;
    this.lanes = lanes;
    this.input = input;
    this.size = Math.max(8, Math.min(12, input.scale.rowHeight * 0.62));
  }

  draw(from: number, to: number): Shape[] {
    const { rows } = this.input;
    const first = rows.first[from] ?? 1;
    const last = to + 1 < rows.count ? (rows.first[to + 1] as number) - 1 : this.history.last;
    this.marks(from, to);
    this.linkBands(first, last);
    for (let node = 0; node < this.history.servers; node++) this.lane(node, first, last, from, to);
    for (const flight of this.flights.between(first, last)) this.flight(flight);
    this.answers(first, last);
    for (let row = from; row <= to && row < rows.count; row++) this.row(row);
    return this.shapes;
  }

  // ── what stands behind everything ──────────────────────────────────────────────────────────────────────────────

  private marks(from: number, to: number): void {
    const { cursor, pinned, facts, width, scale } = this.input;
    const height = scale.rowHeight;
    const band = (step: number, paint: PaintName, opacity: number): void => {
      const row = this.rowOf(step);
      if (step < 1 || row < from || row > to) return;
      this.shapes.push({ kind: 'rect', x: 0, y: this.y(step) - height / 2, width, height, paint, opacity });
    };
    for (const { step } of facts) band(step, 'bad', 0.12);
    if (pinned !== undefined) band(pinned, 'good', 0.18);
    band(cursor, 'mark', 1);
  }

  private linkBands(first: number, last: number): void {
    for (const { from, until, column, isCut, text } of this.bands) {
      if (from > last || until < first || column >= 4) continue;
      const x = this.lanes.bands + column * BAND_WIDTH;
      const y = from < first ? this.y(first) - 40 : this.y(from);
      const end = until > last ? this.y(last) + 40 : this.y(until);
      this.shapes.push({
        kind: 'rect',
        x,
        y,
        width: BAND_WIDTH - 2,
        height: Math.max(2, end - y),
        paint: isCut ? 'cut' : 'down',
        opacity: isCut ? 0.75 : 0.5,
        isHatched: !isCut,
      });
      if (from >= first && this.lanes.texts === undefined && this.input.scale.rowHeight >= 12) {
        this.text(x + BAND_WIDTH, this.y(from), text, 'cut', { isBacked: true });
      }
    }
  }

  private lane(node: number, first: number, last: number, from: number, to: number): void {
    const { history } = this;
    const moments = history.momentsOf(node);
    const x = this.lanes.servers[node] as number;
    let place = placeAfter(moments, first - 1);
    const half = this.input.scale.rowHeight / 2;
    while (place < moments.length) {
      const moment = moments[place] as ServerMoment;
      if (moment.step > last) break;
      let end = place + 1;
      while (end < moments.length && looksAlike(moment, moments[end] as ServerMoment)) end++;
      const until = moments[end]?.step ?? Infinity;
      const y1 = moment.step < first ? this.scaleY(from) - half : this.y(moment.step);
      const y2 = until > last ? this.scaleY(to) + half : this.y(until);
      this.segment(moment, x, y1, y2);
      place = end;
    }
  }

  private segment(moment: ServerMoment, x: number, y1: number, y2: number): void {
    const height = y2 - y1;
    if (height <= 0) return;
    const band = bandOf(moment);
    const paint = termPaint(moment.term);
    const line = { kind: 'line', x1: x, y1, x2: x, y2 } as const;
    if (moment.status === 'down') {
      const dash = [2, 5];
      this.shapes.push({ ...line, paint: 'down', width: 1, dash });
    } else if (moment.role === 'leader') {
      this.shapes.push({ kind: 'rect', x: x - 5, y: y1, width: 10, height, paint });
    } else if (moment.role === 'follower' || moment.role === 'unknown') {
      this.shapes.push({ ...line, paint, width: 2.5 });
    } else {
      const dash = [5, 4];
      this.shapes.push({ ...line, paint, width: 5, dash });
    }
    if (band === undefined) return;
    const isClock = band.kind === 'clock';
    const rect = { kind: 'rect', x: x - 9, y: y1, width: 18, height } as const;
    if (isClock) this.shapes.push({ ...line, x1: x + 9, x2: x + 9, paint: 'down', width: 2, dash: [1, 3] });
    else this.shapes.push({ ...rect, paint: 'down', opacity: 0.35, isHatched: true });
    if (height > 30 && !isClock) {
      this.text(x + 12, y1 + 10, band.text, 'faint', { isBacked: true, size: Math.min(10, this.size) });
    }
  }

  // ── messages ───────────────────────────────────────────────────────────────────────────────────────────────────

  private flight(flight: Flight): void {
    const { message, sentAt, endings, isOvertaken, doubledAt } = flight;
    const [from, to] = [this.lanes.servers[message.from], this.lanes.servers[message.to]];
    if (from === undefined || to === undefined) return;
    const y = this.y(sentAt);
    const direction = Math.sign(to - from);
    const paint = termPaint(message.term);
    if (endings.length === 0) {
      const x2 = from + direction * Math.min(26, Math.abs(to - from) / 3);
      const opacity = this.opacityOf(sentAt, sentAt);
      this.line(from, y, x2, y + 7, paint, [2, 3], opacity);
    }
    endings.forEach(({ step, isLost }, i) => {
      const isCopy = i > 0 || doubledAt.length > 0;
      const opacity = this.opacityOf(sentAt, step);
      const y2 = this.y(step);
      if (this.rowOf(step) === this.rowOf(sentAt) && stepsOn(this.input.rows, this.rowOf(step)) > 1) return;
      if (isLost) {
        const [x, yEnd] = [from + (to - from) * 0.72, y + (y2 - y) * 0.72];
        this.line(from, y, x, yEnd, paint, [6, 4], opacity);
        this.cross(x, yEnd, opacity);
        return;
      }
      const dash = isCopy && i > 0 ? [7, 3] : isOvertaken ? [1, 3] : undefined;
      this.line(from + direction * 3, y, to - direction * 6, y2, paint, dash, opacity);
      this.head(from, y, to - direction * 4, y2, paint, opacity);
      if (isCopy && i > 0) this.text(to - direction * 18, y2 - 8, '×2', 'faint', { anchor: 'middle', size: 9 });
      if (isOvertaken) this.text(to - direction * 20, y2 - 8, 'late', 'faint', { anchor: 'middle', size: 9 });
    });
  }

  /** A message of which only its end is known. */
  private arrival(taken: Extract<Step, { readonly kind: 'deliver' }>, y: number, opacity: number): void {
    const [from, to] = [this.lanes.servers[taken.from], this.lanes.servers[taken.to]];
    if (from === undefined || to === undefined) return;
    const direction = Math.sign(to - from);
    this.line(to - direction * 30, y, to - direction * 6, y, 'faint', [2, 3], opacity);
    this.head(from, y, to - direction * 4, y, 'faint', opacity);
  }

  private answers(first: number, last: number): void {
    const { clients, servers } = this.lanes;
    if (clients === undefined) return;
    for (let step = first; step <= last; step++) {
      const taken = this.history.step(step);
      const y = this.y(step);
      const opacity = this.opacityOf(step, step);
      if (stepsOn(this.input.rows, this.rowOf(step)) > 1) continue;
      if (taken.kind === 'call') {
        const x = servers[taken.node] as number;
        this.line(clients + 4, y, x - 8, y, 'faint', undefined, opacity);
        this.head(clients, y, x - 6, y, 'faint', opacity);
      } else if (taken.kind === 'answer') {
        const flight = this.history.answer(step);
        if (flight === undefined) continue;
        const [x, y1] = [servers[flight.node] as number, this.y(flight.sentAt)];
        if (taken.lost) this.cross(clients + (x - clients) / 2, (y + y1) / 2, opacity);
        this.line(x - 6, y1, clients + 6, y, 'faint', taken.lost ? [6, 4] : undefined, opacity);
        if (!taken.lost) this.head(x, y1, clients + 4, y, 'faint', opacity);
      }
    }
  }

  // ── rows ───────────────────────────────────────────────────────────────────────────────────────────────────────

  private row(row: number): void {
    const { rows, scale, facts } = this.input;
    const step = rows.first[row] as number;
    const count = stepsOn(rows, row);
    const y = scale.yOf(row);
    const isTall = scale.rowHeight >= 10;
    if (count > 1) {
      if (isTall) this.fold(row, step, count, y);
      return;
    }
    const taken = this.history.step(step);
    const opacity = this.opacityOf(step, step);
    const fact = facts.findIndex((one) => one.step === step);
    if (taken.kind === 'deliver' && this.history.flight(step) === undefined) this.arrival(taken, y, opacity);
    this.event(step, taken, y, opacity, fact);
    if (!isTall) return;
    const number = `#${step}`;
    this.text(NUMBER_WIDTH - 8, y, number, fact >= 0 ? 'bad' : 'faint', { anchor: 'end', isMono: true, opacity });
    const { texts } = this.lanes;
    if (texts === undefined) return;
    const text = plainLine(this.history.lines[step]);
    const most = Math.floor((this.input.width - texts) / (this.size * 0.6));
    this.text(texts, y, shortened(text, most), fact >= 0 ? 'bad' : 'ink', { isMono: true, opacity });
  }

  private fold(row: number, step: number, count: number, y: number): void {
    const { texts, servers, spacing } = this.lanes;
    const x = (servers[0] ?? 0) - spacing / 2;
    const x2 = (servers.at(-1) ?? 0) + spacing / 2;
    this.shapes.push({ kind: 'line', x1: x, y1: y, x2, y2: y, paint: 'rule', width: 1, dash: [1, 4] });
    this.text(NUMBER_WIDTH - 8, y, `⋯ ${count}`, 'faint', { anchor: 'end', isMono: true });
    const words = `${count} quiet steps, #${step} to #${step + count - 1}`;
    if (texts !== undefined) this.text(texts, y, words, 'faint', { isMono: true });
    else if (row >= 0) this.text(x2, y, `${count} quiet`, 'faint', { anchor: 'end', size: 9, isBacked: true });
  }

  private event(step: number, taken: Step, y: number, opacity: number, fact: number): void {
    const node = nodeOf(taken);
    if (node === undefined) {
      this.linkEvent(taken, y, opacity);
      if (fact >= 0) this.ring(this.input.facts[fact] as MarkedFact, fact, y);
      return;
    }
    const x = this.lanes.servers[node] as number;
    const after = this.history.server(node, step);
    const before = this.history.server(node, step - 1);
    const isMessage = 'from' in taken;
    const paint = after.status === 'down' ? 'down' : termPaint(after.term);
    const dot = { kind: 'dot', x, y, radius: isMessage ? 3.5 : 4.5, opacity } as const;
    this.shapes.push({ ...dot, radius: dot.radius + 1.5, paint: 'ground' }, { ...dot, paint });
    const isOnLane = fact >= 0 && this.input.facts[fact]?.node === node;
    if (isOnLane) this.rings(x, y);
    else if (fact >= 0) this.ring(this.input.facts[fact] as MarkedFact, fact, y);
    if (this.input.scale.rowHeight < 10) return;
    const { sign } = notationOf(taken);
    if (!isMessage && sign !== notation.call.sign && sign !== notation.durable.sign) {
      this.text(x - (isOnLane ? 15 : 10), y, plainSigns(sign), 'ink', { anchor: 'end', opacity, isBacked: true });
    }
    const isLast = node === this.history.servers - 1;
    const badge = this.lanes.spacing < LANE_MIN || (isLast && isOnLane) ? '' : badgeOf(before, after);
    const words = [isOnLane ? `fact ${fact + 1}` : '', badge].filter((one) => one !== '').join(' · ');
    if (words === '') return;
    const isLeft = this.isLabelledLeft(node, taken);
    const distance = isOnLane ? 16 : 11;
    this.text(isLeft ? x - distance - (isMessage ? 0 : 14) : x + distance, y, words, isOnLane ? 'bad' : 'ink', {
      isBold: isOnLane || after.role === 'leader',
      opacity,
      isBacked: true,
      anchor: isLeft ? 'end' : 'start',
    });
  }

  /** Words stand where no arrow arrives; at the outer lanes outside, if there is room. */
  private isLabelledLeft(node: number, taken: Step): boolean {
    const isLast = node === this.history.servers - 1;
    if (isLast) return this.lanes.texts === undefined;
    const hasRoom = node > 0 || this.lanes.clients !== undefined || this.lanes.texts !== undefined;
    return hasRoom && 'from' in taken && taken.from > node;
  }

  private linkEvent(taken: Step, y: number, opacity: number): void {
    if (!('fault' in taken)) return;
    this.text(this.lanes.bands + 2, y, notationOf(taken).sign, 'cut', { opacity, isBold: true });
  }

  /** A fact that happened to nobody at this row, or at another lane than that of its step. */
  private ring({ node }: MarkedFact, place: number, y: number): void {
    const x = this.lanes.servers[node] ?? this.lanes.clients;
    if (x === undefined) return;
    this.rings(x, y);
    this.text(x + 16, y, `fact ${place + 1}`, 'bad', { isBold: true, isBacked: true });
  }

  private rings(x: number, y: number): void {
    const ring = { kind: 'dot', x, y, radius: 10, paint: 'bad', isHollow: true } as const;
    this.shapes.push(ring, { ...ring, radius: 12 });
  }

  // ── small things ───────────────────────────────────────────────────────────────────────────────────────────────

  private rowOf(step: number): number {
    return this.input.rows.ofStep[Math.max(1, step)] ?? 0;
  }

  private y(step: number): number {
    return this.scaleY(this.rowOf(step));
  }

  private scaleY(row: number): number {
    return this.input.scale.yOf(row);
  }

  private opacityOf(one: number, other: number): number {
    const { lit } = this.input;
    return lit === undefined || (lit[one] === 1 && lit[other] === 1) ? 1 : DIM;
  }

  private line(
    x1: number,
    y1: number,
    x2: number,
    y2: number,
    paint: PaintName,
    dash: readonly number[] | undefined,
    opacity: number,
  ): void {
    const line = { kind: 'line', x1, y1, x2, y2, paint, width: 1.3, opacity } as const;
    this.shapes.push(dash === undefined ? line : { ...line, dash });
  }

  private head(x1: number, y1: number, x2: number, y2: number, paint: PaintName, opacity: number): void {
    this.shapes.push(arrowHead(x1, y1, x2, y2, paint, opacity));
  }

  private cross(x: number, y: number, opacity: number): void {
    const arm = { kind: 'line', paint: 'bad', width: 2, opacity } as const;
    this.shapes.push({ ...arm, x1: x - 4, y1: y - 4, x2: x + 4, y2: y + 4 });
    this.shapes.push({ ...arm, x1: x - 4, y1: y + 4, x2: x + 4, y2: y - 4 });
  }

  private text(
    x: number,
    y: number,
    text: string,
    paint: PaintName,
    more: Partial<Shape & { kind: 'text' }> = {},
  ): void {
    this.shapes.push({ kind: 'text', x, y, text, paint, size: this.size, ...more });
  }
}
