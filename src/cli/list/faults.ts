// The faults by name: which parameter switches each on, and which others shape it.
//
// Where the parameter says how often instead of what, the fault has words of its own. A test sees to it that every
// parameter that switches a fault on has its fault here.

import type { ParameterName } from '../../sim/parameters.ts';

export interface FaultRow {
  /** What happens; left out where the switch says it. */
  readonly meaning?: string;
  /** 0 in a calm world; anything else switches the fault on. */
  readonly switch: ParameterName;
  /** What else is set about it. */
  readonly shapedBy: readonly ParameterName[];
}

export const faultTable = {
  loss: { switch: 'loss', shapedBy: [] },
  duplicate: { switch: 'duplicate', shapedBy: [] },
  reorder: { switch: 'reorder', shapedBy: ['delayMin', 'delayMax'] },
  'long-delay': { switch: 'longDelay', shapedBy: ['longDelayMax'] },
  capacity: {
    meaning: 'a link holds only so many messages at once; more are lost',
    switch: 'capacity',
    shapedBy: [],
  },
  cut: {
    meaning: 'links pass no messages, in one of the shapes of a cut',
    switch: 'cutEvery',
    shapedBy: ['cutFor'],
  },
  slow: {
    meaning: 'messages take many times longer: on one link, around one server, or everywhere',
    switch: 'slowEvery',
    shapedBy: ['slowFor', 'slowFactor'],
  },
  crash: {
    meaning: 'a process stops, loses what is volatile, and restarts from its disk',
    switch: 'crashEvery',
    shapedBy: ['downFor', 'crashInStep'],
  },
  pause: {
    meaning: 'a process stands still for a while and does not notice',
    switch: 'pauseEvery',
    shapedBy: ['pauseFor'],
  },
  wipe: {
    meaning: 'a crashed server finds its disk empty, and stays away for good',
    switch: 'wipesMax',
    shapedBy: ['crashEvery'],
  },
  'power-loss': { switch: 'powerLoss', shapedBy: ['crashEvery', 'syncDelayMax'] },
  'torn-write': { switch: 'tornWrite', shapedBy: ['crashEvery', 'powerLoss'] },
  'write-error': { switch: 'writeError', shapedBy: [] },
  'sync-error': { switch: 'syncError', shapedBy: [] },
  clock: {
    meaning: 'the clock of a process runs fast or slow, or jumps',
    switch: 'clockEvery',
    shapedBy: ['clockRateMax', 'clockJumpMax'],
  },
  'duplicate-call': { switch: 'duplicateCall', shapedBy: [] },
  'answer-loss': { switch: 'answerLoss', shapedBy: [] },
} as const satisfies Record<string, FaultRow>;

export type FaultName = keyof typeof faultTable;

export const faultNames: readonly FaultName[] = Object.keys(faultTable) as FaultName[];
