// One file to be played, and how: what travels to the thread that plays it.
//
// Kept apart from the playing, so that the thread that only gives out work need not load the language.

import type { ScenarioInput } from '../../scenario/load.ts';
import { shellText } from '../run/input.ts';

export interface ScenarioJob {
  readonly file: string;
  /** The word of the command line that means the file. */
  readonly word: string;
  /** What came from standard input. */
  readonly text: string | undefined;
  readonly input: ScenarioInput;
  /** With how many seeds. */
  readonly repeat: number;
  /** What is printed while it is played: every step, only what the story shows, nothing. */
  readonly output: 'steps' | 'shown' | 'nothing';
  /** Of the terminal that prints it; 0 where there is none. */
  readonly columns: number;
  /** Where its trace is written. */
  readonly trace: string | undefined;
}

/** The command that plays the file again, with this seed. */
export function commandOf({ word, input: { variant, system, nodes } }: ScenarioJob, seed: string | undefined): string {
  const words = ['raft-sim', 'scenario', 'run', word];
  if (variant !== undefined) words.push('--variant', variant ?? 'none');
  if (system !== undefined && system !== null) words.push('--system', system);
  if (nodes !== undefined) words.push('--nodes', String(nodes));
  if (seed !== undefined) words.push('--seed', seed);
  return shellText(words);
}
