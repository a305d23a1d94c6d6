// The site: every page is there and leads somewhere, and the playground plays stories, bugs and what is typed.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshFolder } from '../cli/binary.ts';
import { closePages, hasBrowser, launch, open } from './browser.ts';

const script = fileURLToPath(new URL('../../scripts/build-site.mjs', import.meta.url));
const site = join(freshFolder(), 'site');
const playground = join(site, 'playground', 'index.html');

/** What was measured with 333 stories and 102 bugs is 307 kB. */
const COMPRESSED_MAX = 400_000;

beforeAll(() => {
  execFileSync(process.execPath, [script, site]);
});

describe('the site', () => {
  it('has no link that leads nowhere, and loads nothing from elsewhere', () => {
    const pages = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
    expect(pages.length).toBeGreaterThan(20);
    const dead: string[] = [];
    for (const page of pages.filter((name) => !name.startsWith('playground'))) {
      const text = readFileSync(join(site, page), 'utf8');
      expect(text, page).toContain("default-src 'none'");
      for (const [, name = ''] of text.matchAll(/(?:href|src)="([^"#]+)/g)) {
        if (/^[a-z]+:/.test(name)) continue;
        if (!existsSync(resolve(site, dirname(page), decodeURI(name)))) dead.push(`${page}: ${name}`);
      }
      expect(text, page).not.toMatch(/<(?:script|iframe)|src="https?:/);
    }
    expect(dead).toEqual([]);
  });

  it('has a playground of less than 400 kB, compressed, without words of other languages', () => {
    // `import { z }` instead of `import * as z` would bring forty of them, and 200 kB.
    expect(readFileSync(playground, 'utf8')).not.toContain('Ungültige Eingabe');
    expect(gzipSync(readFileSync(playground)).length).toBeLessThan(COMPRESSED_MAX);
  });
});

describe.skipIf(!hasBrowser)('the playground (needs Chromium)', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(() => closePages(browser));
  afterAll(() => browser.close());

  it('opens with Figure 8, and opens the stories and bugs that an address names', async () => {
    const { page, noise } = await open(browser, playground);
    expect(await page.locator('h1').innerText()).toContain('Figure 8');
    const bug = await open(browser, playground, 'bug=vote-no-log-check');
    expect(await bug.page.locator('.verdict').first().innerText()).toContain('leader-completeness broken');
    expect(new URL(bug.page.url()).hash).toContain('bug=vote-no-log-check&step=');
    const story = await open(browser, playground, 'story=situations%2Ftwo-leaders-by-partition&step=40');
    expect(await story.page.locator('h1').innerText()).toBe('Two leaders by partition');
    expect(await story.page.locator('.sentence').innerText()).toContain('step 40 of');
    expect([...noise, ...bug.noise, ...story.noise]).toEqual([]);
  });

  it('plays what is typed, completes words, and tells mistakes as the command line does', async () => {
    const { page, noise } = await open(browser, playground);
    await page.click('#editor summary');
    const area = page.locator('textarea');
    await area.fill('name: mine\nwhy: a test of the editor\nsteps:\n  - timeout: n1\n  - exch');
    await area.press('End');
    await page.keyboard.type('a');
    await page.keyboard.press('Tab');
    expect(await area.inputValue()).toMatch(/- exchange$/);
    await page.keyboard.press('Control+Enter');
    await page.locator('h1', { hasText: /^mine$/ }).waitFor();
    expect(new URL(page.url()).hash).toContain('text=name');

    await area.fill('name: mine\nwhy: a test of the editor\nsteps:\n  - timeuot: n1\n');
    await area.press('Control+Enter');
    await page.locator('.message', { hasText: 'story.yaml' }).waitFor();
    const message = await page.locator('.message').innerText();
    expect(message).toContain('story.yaml:4:');
    expect(message).toContain('timeout');
    expect(noise).toEqual([]);
  });

  it('takes a run of one\u2019s own', async () => {
    const { page, noise } = await open(browser, playground);
    await page.click('summary:text-is("A run of your own")');
    await page.fill('input[aria-label=seed]', '42');
    await page.fill('input[aria-label=steps]', '500');
    await page.click('button:text-is("Run")');
    await page.locator('h1', { hasText: /^seed 42$/ }).waitFor();
    expect(await page.locator('.sentence').innerText()).toContain('of 500');
    await page.fill('input[aria-label=servers]', '99');
    await page.click('button:text-is("Run")');
    await page.locator('.message', { hasText: '99' }).waitFor();
    expect(noise).toEqual([]);
  });
});
