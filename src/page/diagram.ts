// The diagram of one run: a scroller as long as the run, with a canvas that draws what is in sight.
//
// It knows rows and heights; which step is at the cursor, what is lit and what is folded it is told.

import type { History } from '../view/history.ts';
import { Picture, type PictureInput } from '../view/picture.ts';
import { evenScale, timedScale, type Scale } from '../view/scale.ts';
import { currentTheme, Painter } from './canvas.ts';
import { element } from './dom.ts';

const HEAD_HEIGHT = 28;
/** No browser scrolls further than this. */
const HEIGHT_MAX = 8_000_000;

export type Choice = Pick<PictureInput, 'rows' | 'cursor' | 'pinned' | 'facts' | 'lit'> & {
  readonly rowHeight: number;
  readonly isTimed: boolean;
};

export class Diagram {
  readonly root: HTMLElement;
  private readonly scroller: HTMLElement;
  private readonly spacer: HTMLElement;
  private readonly canvas = element('canvas');
  private readonly headCanvas = element('canvas');
  private readonly painter: Painter;
  private readonly headPainter: Painter;
  private readonly picture: Picture;
  private readonly history: History;
  private scale: Scale;
  private choice: Choice;
  private waiting = false;
  /** Milliseconds that the last drawings took, for a bench. */
  readonly frames: number[] = [];

  constructor(history: History, label: string, choice: Choice, choose: (step: number, isPin: boolean) => void) {
    this.history = history;
    this.picture = new Picture(history);
    this.choice = choice;
    this.scale = scaleOf(history, choice);
    this.canvas.className = 'sticky';
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-label', `${label}. The panel Events has the same steps as a table.`);
    this.spacer = element('div', { class: 'spacer' });
    this.scroller = element('div', { class: 'scroller', tabIndex: 0, role: 'region', aria: { label } });
    this.scroller.append(this.canvas, this.spacer);
    this.headCanvas.className = 'lane-names';
    this.headCanvas.setAttribute('aria-hidden', 'true');
    this.root = element('div', { class: 'diagram' }, this.headCanvas, this.scroller);
    this.painter = new Painter(this.canvas);
    this.headPainter = new Painter(this.headCanvas);
    this.scroller.addEventListener('scroll', () => this.draw());
    this.canvas.addEventListener('click', (event) => {
      const y = event.offsetY + this.top();
      choose(this.choice.rows.first[this.scale.rowAt(y)] ?? 1, event.shiftKey);
    });
    new ResizeObserver(() => this.resized()).observe(this.scroller);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw());
  }

  /** Shows something else of the same run, and brings the cursor into sight. */
  show(choice: Choice, isCursorKept = false): void {
    const isOther = choice.rows !== this.choice.rows || choice.rowHeight !== this.choice.rowHeight;
    if (isOther || choice.isTimed !== this.choice.isTimed) this.scale = scaleOf(this.history, choice);
    this.choice = choice;
    this.spacer.style.height = `${this.pixels()}px`;
    if (!isCursorKept) this.bringIntoSight(isOther);
    this.draw();
  }

  /** Draws now, for those who measure. */
  drawNow(): void {
    this.waiting = false;
    const begun = performance.now();
    const { width, height } = this.size();
    if (width === 0 || height === 0) return;
    const { rowHeight: _, isTimed: __, ...choice } = this.choice;
    const top = this.top();
    const { scale } = this;
    const input = { ...choice, history: this.history, scale, width, hasTexts: true };
    const from = Math.max(0, scale.rowAt(top) - 1);
    const to = Math.min(choice.rows.count - 1, scale.rowAt(top + height) + 1);
    const theme = currentTheme();
    this.painter.draw(this.picture.shapes(input, from, to), width, height, top, theme);
    this.headPainter.draw(this.picture.head(width, true, HEAD_HEIGHT), width, HEAD_HEIGHT, 0, theme);
    this.frames.push(performance.now() - begun);
    if (this.frames.length > 1000) this.frames.shift();
  }

  private resized(): void {
    this.spacer.style.height = `${this.pixels()}px`;
    this.bringIntoSight(false);
    this.draw();
  }

  private draw(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => this.drawNow());
  }

  private size(): { width: number; height: number } {
    return { width: this.scroller.clientWidth, height: this.scroller.clientHeight };
  }

  private pixels(): number {
    return Math.max(0, Math.min(this.scale.height, HEIGHT_MAX) - this.scroller.clientHeight);
  }

  /** The height of the run at the upper edge of what is in sight. */
  private top(): number {
    const { scrollTop } = this.scroller;
    const room = this.pixels();
    const most = Math.max(0, this.scale.height - this.scroller.clientHeight);
    return room === 0 ? 0 : (scrollTop / room) * most;
  }

  private bringIntoSight(isAlways: boolean): void {
    const { rows, cursor } = this.choice;
    const y = this.scale.yOf(rows.ofStep[Math.max(1, cursor)] ?? 0);
    const { height } = this.size();
    const top = this.top();
    const margin = Math.min(60, height / 4);
    if (!isAlways && y >= top + margin && y <= top + height - margin) return;
    const most = Math.max(1, this.scale.height - height);
    const wanted =
      isAlways || y < top - height || y > top + 2 * height
        ? y - height / 2
        : y < top + margin
          ? y - margin
          : y - height + margin;
    this.scroller.scrollTop = (Math.max(0, Math.min(most, wanted)) / most) * this.pixels();
  }
}

const scaleOf = (history: History, { rows, rowHeight, isTimed }: Choice): Scale =>
  isTimed ? timedScale(history, rows, rowHeight) : evenScale(rows, rowHeight);
