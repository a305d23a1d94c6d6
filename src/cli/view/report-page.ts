// Writes the page of a run: the script and the style that the package ships, with the run as its data.
//
// A long trace is deflated; the page inflates it.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { UsageError } from '../../base/errors.ts';
import { pageDocument, type PageData, type Playground } from '../../view/document.ts';
import { troubleText, writeWhole } from '../ui/files.ts';
import { version } from '../version.ts';
import type { ViewedRun } from './view-input.ts';

/** A trace with more characters is deflated. */
const TEXT_MAX = 20_000;

let shipped: { readonly script: string; readonly style: string } | undefined;

function parts(): { readonly script: string; readonly style: string } {
  const read = (name: string): string => readFileSync(new URL(`../../page/${name}`, import.meta.url), 'utf8');
  shipped ??= { script: read('page.js'), style: read('page.css') };
  return shipped;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');

/** Writes the page of a run to a file; what cannot be written is the user's mistake. */
export function writePage(path: string, seen: ViewedRun): void {
  writeText(path, reportPage(seen));
}

/** Writes a file for which its reader asked. */
export function writeText(path: string, text: string): void {
  try {
    writeWhole(path, [text]);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${troubleText(error)}`);
  }
}

/** The whole document. */
export function reportPage(seen: ViewedRun, playground: Playground | null = null): string {
  const { title, why, command, trace } = seen;
  const { script, style } = parts();
  const data: PageData = {
    version,
    title,
    why,
    command,
    trace: trace.length <= TEXT_MAX ? { text: trace } : { deflated: deflateRawSync(trace).toString('base64') },
    playground,
  };
  return pageDocument({ script, style, scriptHash: hashOf(script), styleHash: hashOf(style), data });
}
