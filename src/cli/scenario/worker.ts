// A worker thread that plays scenarios: one file after the other, with what it prints on the way.
//
// Between two seeds of a file, and within a story, it looks whether it shall stop.

import type { ScenarioResult } from '../../report/result.ts';
import { serve } from '../../pool/serve.ts';
import { openSystemsByName } from '../../systems/open.ts';
import type { ScenarioJob } from './job.ts';
import { playFile } from './play.ts';

openSystemsByName();
serve((job: ScenarioJob, { note, isStopped }): ScenarioResult =>
  playFile(job, { printed: note, isStopped, isEnded: isStopped }, () => performance.now()),
);
