// Draws shapes on a canvas, sharp on any screen, in the colours of the theme.
//
// It draws what it is given and nothing else; what is visible is chosen before.

import { textWidth, themes, type PaintName, type Shape } from '../view/shapes.ts';

export type Theme = Readonly<Record<PaintName, string>>;

export const currentTheme = (): Theme =>
  matchMedia('(prefers-color-scheme: dark)').matches && !matchMedia('print').matches ? themes.dark : themes.light;

const MONO = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace';
const SANS = 'system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';

export class Painter {
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private readonly hatches = new Map<string, CanvasPattern | string>();

  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('this browser has no canvas');
    this.canvas = canvas;
    this.context = context;
  }

  /** Clears the canvas, which is so many pixels of the page, and draws with its top at `y`. */
  draw(shapes: readonly Shape[], width: number, height: number, y: number, theme: Theme): void {
    const { canvas, context } = this;
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, -y * ratio);
    context.globalAlpha = 1;
    context.fillStyle = theme.ground;
    context.fillRect(0, y, width, height);
    for (const shape of shapes) this.shape(shape, theme);
  }

  private shape(shape: Shape, theme: Theme): void {
    const { context } = this;
    context.globalAlpha = ('opacity' in shape ? shape.opacity : undefined) ?? 1;
    switch (shape.kind) {
      case 'line':
        context.strokeStyle = theme[shape.paint];
        context.lineWidth = shape.width;
        context.setLineDash((shape.dash as number[] | undefined) ?? []);
        context.beginPath();
        context.moveTo(shape.x1, shape.y1);
        context.lineTo(shape.x2, shape.y2);
        context.stroke();
        return;
      case 'rect':
        context.fillStyle = shape.isHatched === true ? this.hatch(theme[shape.paint]) : theme[shape.paint];
        context.fillRect(shape.x, shape.y, shape.width, shape.height);
        return;
      case 'dot':
        context.setLineDash([]);
        context.beginPath();
        context.arc(shape.x, shape.y, shape.radius, 0, 2 * Math.PI);
        if (shape.isHollow === true) {
          context.strokeStyle = theme[shape.paint];
          context.lineWidth = 1.5;
          context.stroke();
        } else {
          context.fillStyle = theme[shape.paint];
          context.fill();
        }
        return;
      case 'head': {
        const [x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = shape.points;
        context.fillStyle = theme[shape.paint];
        context.beginPath();
        context.moveTo(x1, y1);
        context.lineTo(x2, y2);
        context.lineTo(x3, y3);
        context.fill();
        return;
      }
      case 'text':
        this.text(shape, theme);
    }
  }

  private text(shape: Extract<Shape, { readonly kind: 'text' }>, theme: Theme): void {
    const { context } = this;
    const { x, y, text, size, anchor = 'start' } = shape;
    context.font = `${shape.isBold === true ? '600 ' : ''}${size}px ${shape.isMono === true ? MONO : SANS}`;
    context.textBaseline = 'middle';
    context.textAlign = anchor === 'middle' ? 'center' : anchor === 'end' ? 'right' : 'left';
    if (shape.isBacked === true) {
      const width = Math.min(context.measureText(text).width, textWidth(text, size) * 2) + 4;
      const left = anchor === 'end' ? x - width + 2 : anchor === 'middle' ? x - width / 2 : x - 2;
      const { globalAlpha } = context;
      context.globalAlpha = 0.8 * globalAlpha;
      context.fillStyle = theme.ground;
      context.fillRect(left, y - size * 0.62, width, size * 1.25);
      context.globalAlpha = globalAlpha;
    }
    context.fillStyle = theme[shape.paint];
    context.fillText(text, x, y);
  }

  /** Slanting lines of a colour. */
  private hatch(colour: string): CanvasPattern | string {
    const known = this.hatches.get(colour);
    if (known !== undefined) return known;
    const tile = document.createElement('canvas');
    tile.width = 6;
    tile.height = 6;
    const context = tile.getContext('2d');
    if (context === null) return colour;
    context.strokeStyle = colour;
    context.lineWidth = 1.5;
    context.beginPath();
    for (const [x1, y1, x2, y2] of [
      [-1, 1, 1, -1],
      [0, 6, 6, 0],
      [5, 7, 7, 5],
    ] as const) {
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
    }
    context.stroke();
    const pattern = this.context.createPattern(tile, 'repeat') ?? colour;
    this.hatches.set(colour, pattern);
    return pattern;
  }
}
