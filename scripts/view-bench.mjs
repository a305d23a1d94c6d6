#!/usr/bin/env node
// Measures the page: how long a run takes to load, and how long one picture takes to draw while it scrolls; with a folder
// of `npm run site`, how large its playground is and how soon it shows its first picture.
//
// usage: npm run bench:view [steps] [chromium] [site]    Needs Chromium; prints one line a figure.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const [steps = '100000', executablePath = '/usr/bin/chromium', site] = process.argv.slice(2);
const TIMES = 5;
const bin = fileURLToPath(new URL('../bin/raft-sim.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'raft-sim-view-'));
const file = join(folder, 'page.html');
execFileSync(process.execPath, [bin, 'view', '--seed', '42', '--steps', steps, '--no-open', '--out', file]);

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const begun = performance.now();
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector('.viewer', { timeout: 300_000 });
  const loaded = performance.now() - begun;
  const between = await page.evaluate(async () => {
    const scroller = document.querySelector('.scroller');
    const times = [];
    const room = scroller.scrollHeight - scroller.clientHeight;
    let before = performance.now();
    for (let i = 0; i < 300; i++) {
      scroller.scrollTop = (room * i) / 300;
      await new Promise((resolve) => {
        requestAnimationFrame(resolve);
      });
      const now = performance.now();
      times.push(now - before);
      before = now;
    }
    return times.sort((a, b) => a - b);
  });
  const at = (share) => between[Math.floor(share * (between.length - 1))].toFixed(1);
  console.log(`steps            ${steps}`);
  console.log(`page             ${Math.round(statSync(file).size / 1000)} kB`);
  console.log(`load             ${Math.round(loaded)} ms`);
  console.log(`frame to frame   ${at(0.5)} ms in the middle, ${at(0.95)} ms of 95 in 100`);
  if (site !== undefined) {
    const playground = join(site, 'playground', 'index.html');
    const times = [];
    for (let i = 0; i < TIMES; i++) times.push(await firstPicture(playground));
    console.log(`playground       ${Math.round(gzipSync(readFileSync(playground)).length / 1000)} kB compressed`);
    console.log(`first picture    ${Math.round(Math.min(...times))} ms, the best of ${TIMES}`);
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Milliseconds from the start of loading until a browser that has seen nothing yet has drawn the lanes. */
async function firstPicture(path) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const look = () => {
      if (document.querySelector('.viewer canvas.sticky')?.width > 300) globalThis.firstPicture = performance.now();
      else requestAnimationFrame(look);
    };
    look();
  });
  await page.goto(pathToFileURL(path).href);
  const drawn = await page.waitForFunction('globalThis.firstPicture');
  const millis = await drawn.jsonValue();
  await context.close();
  return millis;
}
