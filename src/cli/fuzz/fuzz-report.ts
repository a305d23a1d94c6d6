// From what a campaign found to its report: groups, their smallest replays, and the command that repeats each.
//
// Only the seeds and what they may draw decide what stands in it.

import type { FailureWitness } from '../../campaign/campaign.ts';
import { groupFindings, type FindingGroup } from '../../campaign/groups.ts';
import { drawPlan, planWords } from '../../campaign/swarm.ts';
import { companionSentences } from '../../run/node-options.ts';
import { CampaignStatistics } from '../../campaign/checkpoint.ts';
import type { Regressions } from '../../campaign/regressions.ts';
import type { Identity } from '../../campaign/saved.ts';
import { isEndless, seedsText, type Seeds } from '../../campaign/seeds.ts';
import type { CampaignReport, FailureGroup } from '../../report/campaign.ts';
import { swarmOfWords, swarmWords, type FuzzFlags } from './fuzz-flags.ts';
import { shellText } from '../run/input.ts';

/** How many findings of one property are shrunk. */
export const SHRINKS_PER_PROPERTY = 3;

export const identityOf = (seeds: Seeds, flags: FuzzFlags): Identity => ({
  seeds,
  swarmWords: swarmWords(flags),
  checkDeterminism: flags.checkDeterminism,
});

export interface Found {
  readonly statistics: CampaignStatistics;
  readonly witnesses: readonly FailureWitness[];
  readonly isOver: boolean;
  readonly missing: readonly string[];
  readonly regressions: Regressions;
}

export function reportOf({ seeds, swarmWords: words }: Identity, found: Found): CampaignReport {
  const { statistics, witnesses, isOver, missing, regressions } = found;
  const { failures, findings: _, ...figures } = statistics.checkpoint();
  const { groups, notShrunk } = groupFindings(witnesses, failures, SHRINKS_PER_PROPERTY);
  return {
    seeds: seedsText(seeds),
    isPartial: !isOver && !isEndless(seeds),
    missing,
    regressions,
    figures,
    groups: groups.map((group) => failureGroup(group, words)),
    notShrunk,
  };
}

/** The report of a campaign that ran no seeds. */
export function regressionsReport(regressions: Regressions): CampaignReport {
  const { failures: _, findings: __, ...figures } = new CampaignStatistics().checkpoint();
  return { seeds: null, isPartial: false, missing: [], regressions, figures, groups: [], notShrunk: {} };
}

function failureGroup({ name, finding, seeds, replay }: FindingGroup, words: readonly string[]): FailureGroup {
  const { property, why, kind, seed } = finding;
  const command = shellText(['raft-sim', 'fuzz', '--seeds', seed, ...words, '--reports', `seed-${seed}`, '--force']);
  const drawn = drawPlan(seed, swarmOfWords(words));
  const plan = planWords(drawn);
  const companions = companionSentences(drawn);
  if (replay === undefined) return { name, kind, property, why, seeds, smallest: undefined, plan, companions, command };
  const { steps, deliveries, externals, nodes, tries, isMinimal, scenario, difference } = replay;
  const smallest = { seed, steps, deliveries, externals, nodes, tries, isMinimal, scenario, difference };
  return { name, kind, property, why: replay.why, seeds, smallest, plan, companions, command };
}
