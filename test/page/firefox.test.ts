// The page in Firefox, driven by puppeteer-core (stock Firefox speaks WebDriver BiDi): it opens from the disk, draws, and
// goes by the keyboard. A machine without Firefox skips it.

import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { PNG } from 'pngjs';
import { launch } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { written } from './browser.ts';

const PLACES = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];
const program = process.env['RAFT_SIM_FIREFOX'] ?? PLACES.find((path) => existsSync(path));

describe.skipIf(program === undefined)('the page (needs Firefox)', () => {
  it('opens from the disk, says what is broken, draws it, goes by the keyboard, and asks for nothing', async () => {
    const address = pathToFileURL(await written('--seed 3 --variant vote-no-log-check')).href;
    const browser = await launch({
      browser: 'firefox',
      executablePath: program ?? '',
      headless: true,
      defaultViewport: { width: 1400, height: 900 },
    });
    try {
      const page = await browser.newPage();
      const noise: string[] = [];
      page.on('console', (message) => noise.push(message.text()));
      page.on('pageerror', (error) => noise.push(String(error)));
      page.on('request', (request) => {
        const url = request.url();
        if (url.split('#')[0] !== address && !url.startsWith('data:')) noise.push(url);
      });
      await page.goto(address);
      await page.waitForSelector('.viewer');
      const textOf = async (selector: string): Promise<unknown> =>
        page.evaluate(`document.querySelector(${JSON.stringify(selector)}).textContent`);
      expect(await textOf('.verdict')).toContain('leader-completeness broken at step 818');
      await page.keyboard.press('ArrowLeft');
      expect(await textOf('.sentence')).toContain('step 817 of 818');
      expect(new URL(page.url()).hash).toContain('step=817');
      await page.click('#tab-events');
      expect(await textOf('tr.current')).toContain('#817');
      // What its reader sees, since Firefox may hide from scripts what stands on a canvas.
      const canvas = await page.$('canvas.sticky');
      const { data } = PNG.sync.read(Buffer.from((await canvas?.screenshot()) ?? []));
      const colours = new Set(new Uint32Array(data.buffer, data.byteOffset, data.length / 4));
      expect(colours.size).toBeGreaterThan(100);
      expect(noise).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
