// The packages of a queue, which need not be there: without types, so that raft-sim compiles without them.
//
// What is used of them is written down in src/queue/bullmq.ts.
// They stand among the optional peers of package.json.

declare module 'bullmq';
declare module 'ioredis';
