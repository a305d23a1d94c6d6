// The exit codes, which scripts rely on, and which of them an error ends with.
//
// A code never changes its meaning. When several apply, the gravest wins: 70, then 5, 1, 4, 3.

import { CommanderError } from 'commander';
import { UsageError } from '../base/errors.ts';
import { SYSTEM_ANSWERS } from '../check/properties/system-answers.ts';
import { isLivenessOnly } from '../run/properties.ts';
import { systemTrouble } from './system-trouble.ts';

export const exits = {
  kept: 0,
  violated: 1,
  mistake: 2,
  workerFailed: 3,
  liveness: 4,
  differs: 5,
  defect: 70,
  hungUp: 129,
  interrupted: 130,
  quit: 131,
  terminated: 143,
} as const;

export type ExitCode = (typeof exits)[keyof typeof exits];

export const exitMeanings: readonly (readonly [codes: string, meaning: string])[] = [
  ['0', 'every promise kept'],
  ['1', 'a safety property violated, or an expectation of a scenario not met'],
  ['2', 'a wrong flag, name or file, or a system that denies what is needed'],
  ['3', 'a worker of a campaign, or a system behind an adapter, died, hung or answered with nonsense'],
  ['4', 'only a liveness property violated'],
  ['5', 'two runs of one plan differ'],
  ['70', 'a defect of raft-sim itself'],
  ['128 + n', 'interrupted by signal n (Ctrl-C: 130); everything found so far is saved'],
];

/** What a command that threw ends with. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    if (error.code === 'commander.help') return exits.mistake; // no command was given
    return error.exitCode === 0 ? exits.kept : exits.mistake;
  }
  return error instanceof UsageError || systemTrouble(error) !== undefined ? exits.mistake : exits.defect;
}

/** What broken properties end with: a safety property outweighs any number of liveness properties. */
export function exitCodeOfBroken(broken: readonly string[]): ExitCode {
  if (broken.length === 0) return exits.kept;
  if (broken.every((name) => name === SYSTEM_ANSWERS)) return exits.workerFailed;
  return isLivenessOnly(broken) ? exits.liveness : exits.violated;
}

const signalExits = {
  SIGINT: exits.interrupted,
  SIGTERM: exits.terminated,
  SIGHUP: exits.hungUp,
  SIGQUIT: exits.quit,
} as const;

/** The signals that ask for an orderly end. */
export type Signal = keyof typeof signalExits;

export const signals = Object.keys(signalExits) as readonly Signal[];

export const exitCodeOfSignal = (signal: Signal): ExitCode => signalExits[signal];
