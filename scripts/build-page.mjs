#!/usr/bin/env node
// Bundles the page of `src/page/` into one script and one style, which the package ships in `dist/page/`.
//
// The page carries the simulator, so the bundle is the same code as the command line's. No map, no comments: what is
// written into each report should be small.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const root = new URL('..', import.meta.url);
const pathOf = (name) => fileURLToPath(new URL(name, root));

const result = await build({
  entryPoints: [pathOf('src/page/main.ts')],
  bundle: true,
  minify: true,
  format: 'iife',
  platform: 'browser',
  target: ['chrome110', 'firefox115', 'safari16.4'],
  tsconfig: pathOf('src/page/tsconfig.json'),
  charset: 'utf8',
  legalComments: 'none',
  write: false,
});
const [script] = result.outputFiles;
// Between the tags of a document nothing may end the script early.
const text = script.text.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--').trimEnd();
// In this order: what screens and paper change comes last.
const sheets = ['frame', 'panels', 'screens'].map((name) => readFileSync(pathOf(`src/page/${name}.css`), 'utf8'));
const style = await transform(sheets.join('\n'), { loader: 'css', minify: true });
mkdirSync(pathOf('dist/page/'), { recursive: true });
writeFileSync(pathOf('dist/page/page.js'), text);
writeFileSync(pathOf('dist/page/page.css'), style.code.trimEnd());
