// The table of faults: everything that can go wrong, by name.
//
// Parameters, profiles, the nemesis, the draws of campaigns, `raft-sim list faults` and the page on faults follow from
// it. Faults strike in this order where they come at one moment, and are mended in the opposite one.

import type { Random } from '../../base/random.ts';
import type { Parameter } from '../parameter.ts';
import { overtaking, voteCrash, winnerCrash } from './aimed.ts';
import { answerLoss, duplicateCall } from './clients.ts';
import { clock } from './clock.ts';
import { compaction } from './compaction.ts';
import { bitRot, lostVote, lostWrite, misdirectedWrite } from './damage.ts';
import { diskFull, powerLoss, slowDisk, syncError, tornWrite, writeError } from './disk.ts';
import type { CampaignDraw, Fault, Values } from './fault.ts';
import { cut, partialHeal, slow } from './links.ts';
import { membersWished } from './members.ts';
import { capacity, duplicate, longDelay, loss, reorder } from './network.ts';
import { absence, crash, handOver, pause, wipe } from './processes.ts';

export const faultTable = {
  loss,
  duplicate,
  reorder,
  'long-delay': longDelay,
  capacity,
  cut,
  slow,
  crash,
  pause,
  wipe,
  absence,
  'power-loss': powerLoss,
  'torn-write': tornWrite,
  'write-error': writeError,
  'sync-error': syncError,
  clock,
  'duplicate-call': duplicateCall,
  'answer-loss': answerLoss,
  'change-members': membersWished,
  transfer: handOver,
  compaction,
  'bit-rot': bitRot,
  'misdirected-write': misdirectedWrite,
  'lost-write': lostWrite,
  'lost-vote': lostVote,
  'disk-full': diskFull,
  'slow-disk': slowDisk,
  'partial-heal': partialHeal,
  'winner-crash': winnerCrash,
  'vote-crash': voteCrash,
  overtaking,
} as const;

type FaultTable = typeof faultTable;

export type FaultName = keyof FaultTable;

/** The parameters that belong to a fault. */
export type FaultParameter = { [Name in FaultName]: keyof FaultTable[Name]['parameters'] }[FaultName];

/** A row of any fault; what it draws and sets are some of the parameters of faults. */
export interface AnyFault extends Omit<Fault<FaultParameter, string, FaultParameter>, 'parameters' | 'campaign'> {
  readonly parameters: { readonly [name in FaultParameter]?: Parameter };
  readonly campaign?: Omit<CampaignDraw<FaultParameter>, 'draw'> & {
    draw(random: Random, nodes: number): Partial<Values<FaultParameter>>;
  };
}

export const faultNames: readonly FaultName[] = Object.keys(faultTable) as FaultName[];

export const faultRows: readonly AnyFault[] = faultNames.map((name) => faultTable[name]);

/** The parameters that each fault has for itself and from others, without its switch. */
export function shapersOf(name: FaultName): readonly (FaultParameter | FaultTable[FaultName]['shapedBy'][number])[] {
  const row = faultTable[name];
  const own = Object.keys(row.parameters) as FaultParameter[];
  return [...own.filter((parameter) => parameter !== row.switch), ...row.shapedBy]; // set-up only: for the docs
}
