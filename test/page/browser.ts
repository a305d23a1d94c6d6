// The browser of the page's tests: Debian's Chromium, driven by playwright-core. A machine without it skips them.
//
// It notes every request and every message of the console, since a page may make neither.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { freshFolder, raftSim, words } from '../cli/binary.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const program = process.env['RAFT_SIM_CHROMIUM'] ?? PLACES.find((path) => existsSync(path));

/** Whether there is a browser; without one the tests of the page are skipped. */
export const hasBrowser: boolean = program !== undefined;

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox', '--force-color-profile=srgb'] });

export interface OpenPage {
  readonly page: Page;
  /** Requests besides that for the file itself, messages of the console, errors. */
  readonly noise: readonly string[];
}

/** Opens a file from the disk and waits until its run is there. */
export async function open(
  browser: Browser,
  file: string,
  fragment = '',
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  const noise: string[] = [];
  const address = pathToFileURL(file).href;
  page.on('request', (request) => {
    const url = request.url();
    if (url.split('#')[0] !== address && !url.startsWith('data:') && !url.startsWith('blob:')) noise.push(url);
  });
  page.on('console', (message) => noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(String(error)));
  await page.goto(fragment === '' ? address : `${address}#${fragment}`);
  await page.waitForSelector('.viewer', { timeout: 300_000 });
  return { page, noise };
}

/** Writes a page with `raft-sim view` and says where. */
export async function written(line: string, cwd: string = freshFolder()): Promise<string> {
  const { code, err } = await raftSim(words(`view ${line} --no-open --out page.html`), { cwd });
  if (code !== 0) throw new Error(err);
  return join(cwd, 'page.html');
}

/** What stands in the fragment of the address. */
export function choiceIn(page: Page): URLSearchParams {
  return new URLSearchParams(new URL(page.url()).hash.slice(1));
}
