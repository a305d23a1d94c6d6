// The flags of campaigns on a queue, which `fuzz` and `worker` share.
//
// Nothing here opens a connection.

import { Option } from 'commander';
import { UsageError } from '../../base/errors.ts';
import { parseQueueAddress, type QueueAddress } from '../../queue/address.ts';
import { parseTime } from './amounts.ts';

const DEAD_AFTER_MIN = 500_000;

export const parseQueue = (text: string): QueueAddress => parseQueueAddress('--queue', text);

function parseDeadAfter(text: string): number {
  const time = parseTime('--dead-after')(text);
  if (time < DEAD_AFTER_MIN) throw new UsageError(`--dead-after is ${text}, expected 500ms or more`);
  return time;
}

export const deadAfterFlag = (): Option =>
  new Option('--dead-after <time>', 'on a queue, who is silent for so long is taken for dead; the same for all')
    .argParser(parseDeadAfter)
    .default(15_000_000, '15s');
