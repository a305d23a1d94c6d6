// Six pictures of the page, held against stored ones: what moves, vanishes or changes its colour is seen.
//
// They need the browser to take its fonts from the package of the tests; one that does not is told in a line.

import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { hasBrowser, launch, open, written } from './browser.ts';
import { differenceFromStored, differencePerMille, PER_MILLE_MAX } from './pictures.ts';

const story = (name: string): string => fileURLToPath(new URL(`../../scenarios/${name}.yaml`, import.meta.url));
/** Pixels of the same words in DejaVu Sans and DejaVu Sans Mono. */
const DEJAVU_WIDTHS = [836, 963];
const FAILING = '--seed 3 --variant vote-no-log-check';
const BRANCH = new URLSearchParams({
  step: '803',
  panel: 'branch',
  branch: JSON.stringify({ at: 790, actions: [{ run: 20_000, isFaulty: true }] }),
}).toString();

interface Case {
  readonly line: string;
  readonly fragment?: string;
  readonly options: BrowserContextOptions;
}

const wide = { viewport: { width: 1200, height: 760 } };
const CASES: Readonly<Record<string, Case>> = {
  'a-broken-promise': { line: FAILING, options: wide },
  'its-causal-past-in-the-dark': {
    line: FAILING,
    fragment: 'past=1&panel=messages',
    options: { ...wide, colorScheme: 'dark' },
  },
  'on-a-phone': { line: FAILING, options: { viewport: { width: 420, height: 800 }, colorScheme: 'dark' } },
  'figure-8': { line: story('paper/figure-8d-overwrite'), fragment: 'panel=state', options: wide },
  'a-branch-beside-it': { line: FAILING, fragment: BRANCH, options: { viewport: { width: 1500, height: 760 } } },
  'a-read-of-the-past': {
    line: story('reads/isolated-leader'),
    fragment: 'panel=clients',
    options: wide,
  },
};

/** Where the lane of n3 stands in the first picture, below the names of the lanes. */
const LANE = { left: 306, right: 322, top: 200 } as const;
const ASIDE = 4;

/** The same picture with one lane a few pixels to the right. */
function moved(picture: PNG): PNG {
  const { width, height } = picture;
  const other = new PNG({ width, height });
  picture.data.copy(other.data);
  for (let y = LANE.top; y < height; y++) {
    const from = (y * width + LANE.left) * 4;
    picture.data.copy(other.data, from + ASIDE * 4, from, from + (LANE.right - LANE.left) * 4);
  }
  return other;
}

/** Tells by the width of words whether text is drawn with DejaVu. */
async function seesDejaVu(browser: Browser): Promise<boolean> {
  const page = await browser.newPage();
  const widths = await page.evaluate(`['system-ui', 'ui-monospace, monospace'].map((family) => {
    const context = document.createElement('canvas').getContext('2d');
    context.font = '100px ' + family;
    return Math.round(context.measureText('Raft leader 0123').width);
  })`);
  await page.close();
  return JSON.stringify(widths) === JSON.stringify(DEJAVU_WIDTHS);
}

describe.skipIf(!hasBrowser)('pictures of the page (needs Chromium)', () => {
  let browser: Browser;
  let hasFonts: boolean;
  const files = new Map<string, Promise<string>>();

  beforeAll(async () => {
    browser = await launch();
    hasFonts = await seesDejaVu(browser);
    if (!hasFonts) console.info('the browser does not take the fonts of the tests: its pictures are not compared');
  });
  afterAll(() => browser.close());

  async function pictureOf(name: string, context: TestContext): Promise<Buffer> {
    if (!hasFonts) context.skip('other fonts than those of the stored pictures');
    const { line, fragment, options } = CASES[name] as Case;
    const file = files.get(line) ?? written(line);
    files.set(line, file);
    const { page } = await open(browser, await file, fragment, { reducedMotion: 'reduce', ...options });
    const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    await page.context().close();
    return picture;
  }

  it.for(Object.keys(CASES))('%s', async (name, context) => {
    expect(differenceFromStored(name, await pictureOf(name, context))).toBeLessThan(PER_MILLE_MAX);
  });

  it('a lane that stands a few pixels aside is seen', async (context) => {
    const picture = PNG.sync.read(await pictureOf('a-broken-promise', context));
    expect(differencePerMille(picture, moved(picture))).toBeGreaterThan(PER_MILLE_MAX);
  });
});
