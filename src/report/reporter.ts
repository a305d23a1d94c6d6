// What a reporter is: one form in which scenarios and campaigns are reported.
//
// A reporter is a file of this room that exports one description, and a row in `reporters.ts`. It turns data into a
// text and nothing else: where the text goes is decided by the commands.

import type { CampaignReport } from './campaign.ts';
import type { ScenarioReport } from './result.ts';

/** What a reporter needs besides the data. */
export interface ReportContext {
  /** Which raft-sim it was. */
  readonly version: string;
  /** Diagrams of the shrunk replays of a campaign, by name of the group. */
  readonly pictures?: ReadonlyMap<string, string>;
}

export interface ReporterDescription {
  readonly name: string;
  /** The ending of its file, for one whole document; undefined for lines, which may stand behind other lines. */
  readonly ending: string | undefined;
  scenarios(report: ScenarioReport, context: ReportContext): string;
  campaign(report: CampaignReport, context: ReportContext): string;
}
