// The page in a browser: it opens from the disk, asks for nothing, says what the command line says, and does what its
// reader wants.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { raft } from '../../examples/systems/typescript/raft.ts';
import { defineRaft } from '../../src/systems/script/define-raft.ts';
import { traceOfFilm } from '../../src/view/written.ts';
import { freshFolder, raftSim, words } from '../cli/binary.ts';
import { filmed } from '../support/films.ts';
import { choiceIn, closePages, hasBrowser, launch, open, written } from './browser.ts';

const FAILING = '--seed 3 --variant vote-no-log-check';

describe.skipIf(!hasBrowser)('the page (needs Chromium)', () => {
  let browser: Browser;
  let failing: string;

  beforeAll(async () => {
    browser = await launch();
    failing = await written(FAILING);
  });
  afterEach(() => closePages(browser));
  afterAll(() => browser.close());

  const textOf = (page: Page, selector: string): Promise<string> => page.locator(selector).first().innerText();

  it('opens from the disk, asks for nothing, and says what the command line says', async () => {
    const { page, noise } = await open(browser, failing);
    const { out } = await raftSim(words(`run ${FAILING} --json`));
    const run = JSON.parse(out) as { fingerprint: string; violation: { property: string; step: number; why: string } };
    expect(await textOf(page, '.facts')).toContain(`fingerprint ${run.fingerprint}`);
    const { property, step, why } = run.violation;
    expect(await textOf(page, '.verdict')).toContain(`✗ ${property} broken at step ${step}`);
    expect(await textOf(page, '.verdict')).toContain(why);
    expect(choiceIn(page).get('step')).toBe(String(step));
    expect(await textOf(page, '.sentence')).toContain('n2 receives the vote of n3 for term 5, leads term 5');
    expect(noise).toEqual([]);
  });

  it('has a policy that lets it do nothing but run its own script', async () => {
    const text = readFileSync(failing, 'utf8');
    expect(text).toMatch(/<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/);
    expect(text).not.toContain('unsafe');
    const { page } = await open(browser, failing);
    const blocked = await page.evaluate(`new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
      const script = document.createElement('script');
      script.textContent = 'window.foreign = true';
      document.body.append(script);
    })`);
    expect(blocked).toBe('script-src-elem');
    expect(await page.evaluate('window.foreign')).toBe(undefined);
  });

  it('names the facts, each a step away', async () => {
    const { page, noise } = await open(browser, failing);
    expect(await page.locator('.against li').allInnerTexts()).toEqual([
      expect.stringContaining('entry 53 is committed'),
      expect.stringContaining('breaks it'),
    ]);
    await page.locator('.against button').first().click();
    expect(choiceIn(page).get('step')).toBe('797');
    expect(noise).toEqual([]);
  });

  it('shows a run of another Raft as it was recorded, and says what is not known', async () => {
    const { name } = defineRaft({ ...raft, name: 'shown', shows: ['roles', 'terms', 'commit'] });
    const film = filmed({ system: name, seed: '3', nodes: 3, length: { micros: 800_000 } });
    const folder = freshFolder();
    for (const hasStates of [true, false]) {
      writeFileSync(join(folder, 'other.ndjson'), traceOfFilm(film, '1.0.0', hasStates));
      const { page, noise } = await open(browser, await written('other.ndjson', folder));
      expect(await textOf(page, '.facts')).toContain(`fingerprint ${film.run.fingerprint}`);
      const unknown = (await page.locator('.unknown').allInnerTexts()).join(' ');
      expect(unknown).toContain('a recorded run of another Raft, shown');
      expect(unknown).toContain(hasStates ? 'does not show which votes' : 'written without --states');
      const panel = await textOf(page, '.panel');
      if (hasStates) expect(panel).toMatch(/leader of term \d/);
      else expect(panel).toContain('not known');
      await page.click('#tab-branch');
      expect(await textOf(page, '.panel')).toContain('A page carries our own node only');
      expect(noise).toEqual([]);
    }
  });

  it('goes by the keyboard: steps, events, facts, folding, the past, comparing', async () => {
    const { page, noise } = await open(browser, failing);
    const stepAfter = async (key: string): Promise<number> => {
      await page.keyboard.press(key);
      return Number(choiceIn(page).get('step'));
    };
    expect(await stepAfter('ArrowLeft')).toBe(817);
    expect(await stepAfter('ArrowRight')).toBe(818);
    expect(await stepAfter('ArrowRight')).toBe(818);
    expect(await stepAfter('Home')).toBe(0);
    expect(await stepAfter('ArrowLeft')).toBe(0);
    const first = await stepAfter('n');
    expect(first).toBeGreaterThan(0);
    expect(await stepAfter('n')).toBeGreaterThan(first);
    expect(await stepAfter('p')).toBe(first);
    expect(await stepAfter('v')).toBe(818);
    expect(await stepAfter('1')).toBe(797);
    await page.keyboard.press('f');
    await page.keyboard.press('c');
    await page.keyboard.press('m');
    await page.keyboard.press('t');
    await page.keyboard.press('+');
    const choice = choiceIn(page);
    expect(Object.fromEntries(choice)).toMatchObject({ fold: '0', past: '1', compare: '797', time: '1', zoom: '23' });
    expect(await stepAfter('End')).toBe(818);
    expect(await textOf(page, '.panel .note')).toContain('step 797');
    await page.keyboard.press('/');
    await page.keyboard.type('drop');
    await page.keyboard.press('Enter');
    const found = Number(choiceIn(page).get('step'));
    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    expect(await textOf(page, 'tr.current')).toContain('drop');
    expect(found).toBeLessThan(818);
    expect(noise).toEqual([]);
  });

  it('fills every panel, and names it for screen readers', async () => {
    const { page, noise } = await open(browser, failing, 'step=700');
    const tabs = page.locator('[role=tab]');
    const count = await tabs.count();
    expect(count).toBeGreaterThan(7);
    for (let i = 0; i < count; i++) {
      await tabs.nth(i).click();
      expect(await tabs.nth(i).getAttribute('aria-selected')).toBe('true');
      expect((await textOf(page, '.panel')).length, await tabs.nth(i).innerText()).toBeGreaterThan(40);
    }
    const unnamed = (await page.evaluate(`Array.from(document.querySelectorAll('button, input, select, canvas'))
      .filter((one) => !one.textContent.trim() && !one.title && !one.ariaLabel && one.ariaHidden !== 'true')
      .map((one) => one.outerHTML)`)) as string[];
    expect(unnamed).toEqual([]);
    await page.click('#tab-events');
    const { out } = await raftSim(words(`view ${FAILING} --terminal`));
    const rows = await page.locator('table.events tbody tr').allInnerTexts();
    const line = out.split('\n').find((one) => one.startsWith('#700 ')) ?? '';
    expect(line).not.toBe('');
    const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => /\w/.test(word));
    const row = rows.find((one) => one.startsWith('#700')) ?? '';
    expect(wordsOf(line)).toEqual(expect.arrayContaining(wordsOf(row).filter((word) => !word.includes(':'))));
    expect(noise).toEqual([]);
  });

  it('branches, checks every promise at once, and gives the branch away as a scenario that plays the same', async () => {
    const { page, noise } = await open(browser, failing, 'step=817&panel=branch');
    const move = page.locator('.moves button', { hasText: 'deliver n3 → n2 RequestVoteReply' });
    await move.click();
    expect(await textOf(page, '.verdict.broken >> nth=1')).toContain('leader-completeness broken at step 818');
    const link = (await page.evaluate('location.hash.slice(1)')) as string;
    expect(new URLSearchParams(link).get('branch')).toContain('"do":"deliver"');

    await page.click('#tab-files');
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('.files button:text-is("scenario")')]);
    const folder = freshFolder();
    await file.saveAs(join(folder, 'branch.yaml'));
    const { code, out } = await raftSim(words('scenario run branch.yaml'), { cwd: folder });
    expect(out).toContain('1 passed');
    expect(code).toBe(0);

    const again = await open(browser, failing, link);
    expect(await textOf(again.page, '.verdict.broken >> nth=1')).toContain('leader-completeness broken at step 818');
    expect([...noise, ...again.noise]).toEqual([]);
  });

  it('lets time run in a branch, with other dice, under other rules, and takes actions back', async () => {
    const { page, noise } = await open(browser, failing, 'step=790&panel=branch');
    await page.click('.times button:text-is("100 ms")');
    const steps = async (): Promise<string> => textOf(page, '.sentence strong');
    const first = await steps();
    expect(first).toMatch(/^Branch, step (?:79[1-9]|8\d\d) /);
    await page.click('button:text-is("other dice")');
    expect(choiceIn(page).get('branch')).toContain('"seed":"3+1"');
    await page.selectOption('.rules select', '');
    expect(choiceIn(page).get('branch')).toContain('"variant":null');
    await page.click('button:text-is("undo")');
    expect(choiceIn(page).get('branch')).toContain('"actions":[]');
    await page.keyboard.press('b');
    expect(await steps()).toMatch(/^step /);
    await page.click('button[title="drop the branch"]');
    expect(choiceIn(page).has('branch')).toBe(false);
    expect(noise).toEqual([]);
  });

  it('draws the odds of the failure from steps before it', async () => {
    // Broken soon, so that each continuation is short.
    const soon = await written('--seed 1000003 --variant ack-before-persist');
    const { page, noise } = await open(browser, soon, 'panel=likely');
    await page.click('.likely button');
    await page.waitForSelector('button:text-is("Run them again")', { timeout: 300_000 });
    const rows = await page.locator('.odds tbody tr').allInnerTexts();
    expect(rows.length).toBeGreaterThan(10);
    expect(rows[0]).toContain('#0');
    expect(rows.at(-1)).toContain('20 of 20');
    expect(noise).toEqual([]);
  });

  it('shows a hostile run as text', async () => {
    const folder = freshFolder();
    const evil = '</script><script>document.title="taken"</script><img src=x onerror=document.title="taken">';
    writeFileSync(
      join(folder, 'evil.yaml'),
      [
        `name: ${JSON.stringify(`a story ${evil}`.slice(0, 100))}`,
        `why: ${JSON.stringify(evil)}`,
        'steps:',
        '  - timeout: n1',
        '  - exchange',
        `  - propose: { command: { kind: put, key: x, value: ${JSON.stringify(evil)} } }`,
        '  - exchange',
        '',
      ].join('\n'),
    );
    const { page, noise } = await open(browser, await written('evil.yaml', folder));
    for (const tab of await page.locator('[role=tab]').all()) await tab.click();
    await page.click('#tab-state');
    expect(await page.title()).not.toBe('taken');
    expect(await textOf(page, 'h1')).toContain('</script>');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(2);
    expect(noise).toEqual([]);
  });

  it('takes a run of 100 000 steps: goes anywhere in it, and draws what is in sight', async () => {
    const { page, noise } = await open(browser, await written('--seed 42 --steps 100000'));
    expect(await textOf(page, '.sentence')).toContain('step 100000 of 100000');
    for (const step of ['50000', '3', '99999']) {
      await page.fill('input[type=number]', step);
      await page.keyboard.press('Enter');
      expect(await textOf(page, '.sentence')).toContain(`step ${step} of 100000`);
    }
    await page.click('#tab-events');
    expect(await page.locator('table.events tbody tr').count()).toBeLessThan(200);
    expect(noise).toEqual([]);
  });

  it.each([
    [1400, 'light'],
    [1400, 'dark'],
    [900, 'light'],
    [420, 'dark'],
  ] as const)('fits %i pixels in the %s theme', async (width, colorScheme) => {
    const { page, noise } = await open(browser, failing, '', { viewport: { width, height: 900 }, colorScheme });
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(ground).toBe(colorScheme === 'dark' ? 'rgb(13, 17, 23)' : 'rgb(255, 255, 255)');
    expect(noise).toEqual([]);
  });
});
