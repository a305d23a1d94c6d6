// What a step of a scenario can be: the table of verbs, a line for each.
//
// Schema, name checks, interpreter, writer, docs and JSON Schema all read it; a verb that is not listed does not exist.
// The order is the one of the docs, and the one in which the writer asks which verb says a step best. Each example is
// run by a test, behind its own `before` and the elections of `exampleStart`.

import type { z } from 'zod';
import { agree } from './agree.ts';
import { bridge, star } from './bridge.ts';
import { answer, call } from './call.ts';
import { calm } from './calm.ts';
import { changeMembers } from './change-members.ts';
import { clock } from './clock.ts';
import { compactNow } from './compact.ts';
import { crash } from './crash.ts';
import { cut } from './cut.ts';
import { damage } from './damage.ts';
import { deliver, drop, duplicate } from './deliver.ts';
import { exchange } from './exchange.ts';
import { expectNow } from './expect.ts';
import { heal } from './heal.ts';
import { hold, release } from './hold.ts';
import { deafen, isolate, mute } from './isolate.ts';
import { letName } from './let.ts';
import { mark } from './mark.ts';
import { failWrite, persist } from './persist.ts';
import { propose } from './propose.ts';
import { readKey } from './read.ts';
import { forEach, maybe, repeat } from './repeat.ts';
import { pause, restart, resume, wipe } from './restart.ts';
import { retry } from './retry.ts';
import { chain, ring } from './ring.ts';
import { run } from './run.ts';
import { sendByHand } from './send.ts';
import { settle } from './settle.ts';
import { show } from './show.ts';
import { slow } from './slow.ts';
import { split } from './split.ts';
import { transfer } from './transfer.ts';
import {
  checkQuorum,
  endLease,
  endRound,
  finishSnapshot,
  giveUpTransfer,
  heartbeat,
  loseContact,
  tick,
  timeout,
} from './timeout.ts';
import { until } from './until.ts';

export const verbTable = {
  run,
  until,
  settle,
  calm,

  deliver,
  drop,
  duplicate,
  send: sendByHand,
  hold,
  release,
  exchange,

  timeout,
  heartbeat,
  'lose contact': loseContact,
  'check quorum': checkQuorum,
  'give up transfer': giveUpTransfer,
  'finish snapshot': finishSnapshot,
  'end round': endRound,
  tick,
  'end lease': endLease,
  persist,
  'fail write': failWrite,

  crash,
  restart,
  pause,
  resume,
  wipe,
  damage,
  clock,
  transfer,
  compact: compactNow,

  cut,
  isolate,
  deafen,
  mute,
  split,
  bridge,
  ring,
  chain,
  star,
  slow,
  heal,

  propose,
  read: readKey,
  retry,
  agree,
  call,
  answer,

  'change members': changeMembers,

  repeat,
  'for each': forEach,
  maybe,
  let: letName,
  mark,
  show,
  expect: expectNow,
} as const;

export type VerbName = keyof typeof verbTable;

export const verbNames: readonly VerbName[] = Object.keys(verbTable) as VerbName[];

export type VerbValue<Name extends VerbName> = z.infer<(typeof verbTable)[Name]['schema']>;

/** What stands before every example: five nodes, n1 leads in term 1 and has committed one entry. */
export const exampleStart = '- timeout: n1\n- exchange\n- { propose: put x 1, as: my call }\n- exchange';
