// The regressions: scenarios that every campaign runs first.
//
// What broke once breaks again. They are played on this thread, before any seed is drawn; a file with a mistake ends
// the campaign before it begins.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { UsageError } from '../../base/errors.ts';
import type { FailedRegression, Regressions } from '../../campaign/regressions.ts';
import { planOfScenario, readScenario } from '../../scenario/load.ts';
import { playScenario } from '../../scenario/interpreter/play.ts';
import { fileNear, troubleText } from '../ui/files.ts';
import type { Interruption } from '../ui/interrupt.ts';
import { nearest } from '../../run/nearest.ts';

const USUAL_FOLDER = 'scenarios/regressions';

/** Refuses to be content with nothing: a corpus that is asked for has scenarios. */
export function checkCorpus(folder: string | undefined): void {
  if (regressionFiles(folder).length > 0) return;
  const place = folder ?? USUAL_FOLDER;
  throw new UsageError(`--replay-corpus finds no scenario in ${place}, expected at least one .yaml file there`);
}

/** Plays the scenarios of the folder, in the order of their names, until a signal comes. */
export async function playRegressions(folder: string | undefined, interruption: Interruption): Promise<Regressions> {
  const files = regressionFiles(folder);
  const failed: FailedRegression[] = [];
  let played = 0;
  for (const file of files) {
    await setImmediate(); // signals come in between
    if (interruption.signal !== undefined) break;
    played++;
    const found = interruption.atOnce(() => playRegression(file));
    if (found !== undefined) failed.push(found);
  }
  return { played, failed };
}

/** The usual folder may be missing, one that was asked for may not. */
export function regressionFiles(folder: string | undefined): string[] {
  const place = folder ?? USUAL_FOLDER;
  try {
    return readdirSync(place, { recursive: true, encoding: 'utf8' })
      .map((name) => join(place, name).replaceAll('\\', '/'))
      .filter((name) => /\.ya?ml$/.test(name))
      .toSorted();
  } catch (error) {
    if (folder === undefined && error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    const near = fileNear(place, error);
    const hint = near === undefined ? '' : `\ndid you mean ${near}?`;
    throw new UsageError(`cannot read --regressions ${place}: ${troubleText(error)}${hint}`);
  }
}

function playRegression(file: string): FailedRegression | undefined {
  const scenario = readScenario(textOf(file), { file, nearest });
  const { failure } = playScenario(scenario, planOfScenario(scenario, {}));
  if (failure === undefined) return undefined;
  const { expected, found, path } = failure;
  return { file, ...scenario.source.place(path, 'value'), expected, found };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${troubleText(error)}`);
  }
}
