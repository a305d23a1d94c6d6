// The command `worker`: its flags, its help and what loads it.
//
// Nothing here runs a seed.

import type { Command } from 'commander';
import type { CommandDescription } from '../command.ts';
import { parseThreads, parseTime } from '../fuzz/amounts.ts';
import { deadAfterFlag, parseQueue } from '../fuzz/queue-flags.ts';

const help = `
Takes blocks of seeds from a queue in Redis, where raft-sim fuzz --queue deals
them. Any number of workers may come and go: a block whose worker dies is dealt
again, and the report is the one that a single machine would have made.

A signal ends a worker at once; the blocks that it was at go back. BullMQ has to be
there beside raft-sim: npm install bullmq ioredis

Examples:
  raft-sim worker --queue redis://queue.example.com:6379
  raft-sim worker --queue redis://localhost:6379#nightly --workers 4
  raft-sim worker --queue redis://localhost:6379 --idle 1m

Exit codes:
  2         a wrong flag, no Redis, or a campaign of another version
  70        a defect of raft-sim itself
  128 + n   interrupted by signal n (Ctrl-C: 130)
  0         there was nothing to do for as long as --idle says
`;

export const workerCommand: CommandDescription = {
  name: 'worker',
  summary: 'run seeds for a campaign that is dealt on a queue',
  flags(command: Command) {
    command
      .requiredOption('--queue <redis>', 'the queue: redis://host:6379, with #name if there are several', parseQueue)
      .option('--workers <n>', 'threads (default: one for each core)', parseThreads)
      .option('--idle <time>', 'end when there was nothing to do for so long (default: never)', parseTime('--idle'))
      .addOption(deadAfterFlag())
      .option('--quiet', 'print nothing but mistakes');
  },
  help,
  load: async () => (await import('./worker.ts')).worker,
};
