// A worker thread of a campaign: performs jobs, one after the other.
//
// Before each seed it leaves the seed's number with its pool, should this thread die or hang.

import { openSystemsByName } from '../systems/open.ts';
import { serve } from '../pool/serve.ts';
import { perform, type Job, type JobResult } from './job.ts';

openSystemsByName();
serve((job: Job, { begin, isStopped }): JobResult =>
  perform(job, { before: begin, now: () => performance.now(), isStopped }),
);
