// The browser of the page's tests: Debian's Chromium, driven by playwright-core. A machine without it skips them.
//
// It notes every request, every message of the console and everything that the policy of the page had to forbid, since
// a page may do none of it. It sees no fonts but DejaVu, as a package brings them, so that pictures are alike anywhere.

import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { freshFolder, raftSim, words } from '../cli/binary.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const program = process.env['RAFT_SIM_CHROMIUM'] ?? PLACES.find((path) => existsSync(path));

/** Whether there is a browser; without one the tests of the page are skipped. */
export const hasBrowser: boolean = program !== undefined;

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: program ?? '',
    args: ['--no-sandbox', '--force-color-profile=srgb', '--font-render-hinting=none', '--disable-lcd-text'],
    env: { ...process.env, FONTCONFIG_FILE: fontsFile() },
  });

const FONTS = ['DejaVuSans', 'DejaVuSans-Bold', 'DejaVuSansMono', 'DejaVuSansMono-Bold'];
const ALIASES = { 'system-ui': 'DejaVu Sans', 'ui-monospace': 'DejaVu Sans Mono', monospace: 'DejaVu Sans Mono' };

/** A configuration of fontconfig that knows four fonts of a package and nothing else, unhinted. */
function fontsFile(): string {
  const folder = freshFolder();
  const from = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  for (const name of FONTS) copyFileSync(join(from, `${name}.ttf`), join(folder, `${name}.ttf`));
  const set = (name: string, value: string): string => `<edit name="${name}" mode="assign">${value}</edit>`;
  const file = join(folder, 'fonts.conf');
  writeFileSync(
    file,
    [
      '<?xml version="1.0"?>',
      '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
      `<fontconfig><dir>${folder}</dir><cachedir>${join(folder, 'cache')}</cachedir>`,
      ...Object.entries(ALIASES).map(
        ([name, family]) => `<alias><family>${name}</family><prefer><family>${family}</family></prefer></alias>`,
      ),
      `<match target="font">${set('hinting', '<bool>false</bool>')}${set('rgba', '<const>none</const>')}</match>`,
      '</fontconfig>',
      '',
    ].join('\n'),
  );
  return file;
}

export interface OpenPage {
  readonly page: Page;
  /** Requests besides that for the file itself, messages of the console, errors, what the policy forbade. */
  readonly noise: readonly string[];
}

const TELL_FORBIDDEN = `document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
  console.error('forbidden by the policy: ' + effectiveDirective + ' ' + blockedURI))`;

/** Opens a file from the disk and waits until its run is there. */
export async function open(
  browser: Browser,
  file: string,
  fragment = '',
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  await context.addInitScript(TELL_FORBIDDEN);
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

/** A page that stays open goes on costing time and memory. */
export async function closePages(browser: Browser): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()));
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
