// The exit code of a campaign: the gravest of what was found.
//
// 70, then 5, 1, 4, 3: a defect of raft-sim, two runs that differ, safety, liveness, a worker that died. A report that
// lacks shards is never green.

import type { CampaignReport } from '../../report/campaign.ts';
import { exitCodeOfBroken, exits, type ExitCode } from '../exit-code.ts';

export function exitCodeOfReport({ groups, regressions, missing }: CampaignReport): ExitCode {
  const kinds = new Set(groups.map(({ kind }) => kind));
  if (kinds.has('exception')) return exits.defect;
  if (kinds.has('difference')) return exits.differs;
  const broken = groups.filter(({ kind }) => kind === 'violation').map(({ property }) => property);
  if (regressions.failed.length > 0) return exits.violated;
  if (broken.length > 0) return exitCodeOfBroken(broken);
  if (kinds.has('worker')) return exits.workerFailed;
  return missing.length > 0 ? exits.mistake : exits.kept;
}
