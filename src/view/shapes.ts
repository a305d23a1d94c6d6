// What a picture is made of, before anybody draws it: lines, boxes, dots and texts with the names of their colours.
//
// The canvas of the page and the SVG of an export draw the same shapes. Coordinates are pixels, y grows downwards.

/** Names of colours; a theme knows what they are. `term0` to `term7` are the colours of terms, over and over. */
export type PaintName =
  | 'ink'
  | 'faint'
  | 'rule'
  | 'ground'
  | 'bad'
  | 'good'
  | 'mark'
  | 'down'
  | 'cut'
  | `term${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`;

export type Shape =
  | {
      readonly kind: 'line';
      readonly x1: number;
      readonly y1: number;
      readonly x2: number;
      readonly y2: number;
      readonly paint: PaintName;
      readonly width: number;
      readonly dash?: readonly number[];
      readonly opacity?: number;
    }
  | {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly paint: PaintName;
      readonly opacity?: number;
      /** Hatched, so that it is told apart without colours. */
      readonly isHatched?: boolean;
    }
  | {
      readonly kind: 'dot';
      readonly x: number;
      readonly y: number;
      readonly radius: number;
      readonly paint: PaintName;
      readonly isHollow?: boolean;
      readonly opacity?: number;
    }
  | { readonly kind: 'head'; readonly points: readonly number[]; readonly paint: PaintName; readonly opacity?: number }
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly paint: PaintName;
      readonly size: number;
      readonly anchor?: 'start' | 'middle' | 'end';
      readonly isBold?: boolean;
      /** In the type of code, where columns stand below each other. */
      readonly isMono?: boolean;
      readonly opacity?: number;
      /** Stands on a ground of its own, so that lines behind it do not cross it. */
      readonly isBacked?: boolean;
    };

const TERM_COLOURS = 8;

export const termPaint = (term: number): PaintName => `term${(term % TERM_COLOURS) as 0}`;

/** How wide a text is, roughly: enough to keep it from others. */
export const textWidth = (text: string, size: number): number => text.length * size * 0.6;

/** The colours of the light theme and of the dark one: those of terms are Okabe and Ito's, which nobody confuses. */
export const themes: Readonly<Record<'light' | 'dark', Readonly<Record<PaintName, string>>>> = {
  light: {
    ink: '#1b1f24',
    faint: '#656d76',
    rule: '#d8dee4',
    ground: '#ffffff',
    bad: '#b3001b',
    good: '#1a7f37',
    mark: '#fff3bf',
    down: '#8c959f',
    cut: '#b3001b',
    term0: '#767676',
    term1: '#0072b2',
    term2: '#d55e00',
    term3: '#009e73',
    term4: '#b5497f',
    term5: '#b58900',
    term6: '#3a9bd9',
    term7: '#6f4fb3',
  },
  dark: {
    ink: '#e6edf3',
    faint: '#9198a1',
    rule: '#30363d',
    ground: '#0d1117',
    bad: '#ff8a80',
    good: '#56d364',
    mark: '#4a3c00',
    down: '#6e7681',
    cut: '#ff8a80',
    term0: '#9e9e9e',
    term1: '#4ea8de',
    term2: '#ff9a4d',
    term3: '#2ec4a0',
    term4: '#e58fbb',
    term5: '#e6c229',
    term6: '#8ecdf5',
    term7: '#b39ddb',
  },
};

/** The head of an arrow that ends at the second point. */
export function arrowHead(x1: number, y1: number, x2: number, y2: number, paint: PaintName, opacity: number): Shape {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const [bx, by] = [x2 - dx * 8, y2 - dy * 8];
  const points = [x2, y2, bx - dy * 3.5, by + dx * 3.5, bx + dy * 3.5, by - dx * 3.5];
  return { kind: 'head', points, paint, opacity };
}
