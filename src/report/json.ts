// Scenarios and campaigns as one JSON document each, for programs.
//
// Keys never change their meaning within a schema; new ones may come. Real time is the machine's and differs from run
// to run; everything else is decided by the files and the flags.

import { findingsOf, type CampaignReport } from './campaign.ts';
import type { ReporterDescription } from './reporter.ts';
import { countOutcomes, virtualMicrosOf, type ScenarioReport } from './result.ts';

export function scenariosJson(report: ScenarioReport, version: string): object {
  const { results, realMillis, interrupted } = report;
  return {
    schema: 'raft-sim/scenarios@1',
    version,
    outcome: outcomeOf(report),
    interrupted,
    passed: countOutcomes(results, 'passed'),
    failed: countOutcomes(results, 'failed'),
    mistakes: countOutcomes(results, 'mistake'),
    defects: countOutcomes(results, 'defect'),
    notRun: countOutcomes(results, 'not run'),
    virtualMicros: virtualMicrosOf(results),
    realMillis: Math.round(realMillis),
    scenarios: results.map((result) => ({ ...result, realMillis: Math.round(result.realMillis) })),
  };
}

/** The gravest of all outcomes. */
function outcomeOf({ results, interrupted }: ScenarioReport): string {
  if (countOutcomes(results, 'defect') > 0) return 'defect';
  if (countOutcomes(results, 'failed') > 0) return 'failed';
  if (countOutcomes(results, 'mistake') > 0) return 'mistake';
  return interrupted ? 'interrupted' : 'passed';
}

export function campaignJson(report: CampaignReport, version: string): object {
  return { schema: 'raft-sim/campaign-report@1', version, findings: findingsOf(report), ...report };
}

export const jsonReporter = {
  name: 'json',
  ending: 'json',
  scenarios: (report, { version }) => `${JSON.stringify(scenariosJson(report, version))}\n`,
  campaign: (report, { version }) => `${JSON.stringify(campaignJson(report, version))}\n`,
} as const satisfies ReporterDescription;
