// A system that shows less of itself: what cannot be checked there is said to be so, in every form, and never passed.

import { describe, expect, it } from 'vitest';
import { StatisticsSum } from '../../../src/campaign/statistics.ts';
import { runJson } from '../../../src/cli/run/run-json.ts';
import { fuzzLines } from '../../../src/cli/fuzz/fuzz-text.ts';
import { paintWith } from '../../../src/cli/ui/paint.ts';
import { endingLines, promiseLines, shapeOf } from '../../../src/cli/ui/summary.ts';
import { capabilities, type Capability } from '../../../src/protocol/capabilities.ts';
import { campaignGithub } from '../../../src/report/github.ts';
import { campaignJson } from '../../../src/report/json.ts';
import { campaignJunit } from '../../../src/report/junit.ts';
import { campaignMarkdown } from '../../../src/report/markdown.ts';
import type { CampaignReport } from '../../../src/report/campaign.ts';
import { makePlan } from '../../../src/run/plan.ts';
import { isLivenessOnly, propertyNames, propertyTable } from '../../../src/run/properties.ts';
import { simulate, type Run } from '../../../src/run/simulate.ts';

const paint = paintWith(false);
const shape = shapeOf({ width: 200, paint });
const endingText = (run: Run): string =>
  endingLines({ run, signal: undefined }, { width: 200, lineWidth: Infinity, paint }).join('\n');
const length = { micros: 20_000_000 };
/** Every promise is made: some need an option of the node. */
const plan = makePlan({
  seed: '1',
  nodes: 3,
  profile: 'calm',
  length,
  node: { preVote: true, checkQuorum: true, lease: true, membership: 'joint' },
});
const without = (...hidden: readonly Capability[]): Capability[] =>
  capabilities.filter((capability) => !hidden.includes(capability));
const outcomes = (run: Run, outcome: string): string[] =>
  run.verdicts.filter((verdict) => verdict.outcome === outcome).map(({ property }) => property);

describe('a system', () => {
  it('that shows everything, as our own node does, has every property checked', () => {
    const run = simulate(plan);
    expect(outcomes(run, 'pass')).toEqual(propertyNames);
    expect(simulate(plan, { capabilities })).toEqual(run);
    expect(endingText(run)).toMatch(/^✓ every promise kept · /);
  });

  it.each(capabilities)('that does not show %s passes nothing that needs it, and all else as before', (hidden) => {
    const run = simulate(plan, { capabilities: without(hidden) });
    const needing = propertyNames.filter((name) => propertyTable[name].needs.some((need) => need === hidden));
    expect(needing.length).toBeGreaterThan(0);
    expect(outcomes(run, 'not applicable')).toEqual(needing);
    expect(outcomes(run, 'pass')).toEqual(propertyNames.filter((name) => !needing.includes(name)));
    expect(run.fingerprint).toBe(simulate(plan).fingerprint);
    for (const { outcome, why } of run.verdicts) {
      if (outcome === 'not applicable') expect(why).toContain(`the system does not show ${hidden} (`);
    }
  });

  it('whose options promise less is checked for less, which is no lack of the system', () => {
    const run = simulate(makePlan({ seed: '1', nodes: 3, profile: 'calm', length }));
    expect(outcomes(run, 'not applicable')).toEqual([
      'configuration-safety',
      'steady-leader',
      'leader-hears-quorum',
      'lease-validity',
    ]);
    expect(promiseLines(run.verdicts, shape).join('\n')).toMatch(
      /– leader-hears-quorum +not applicable: CheckQuorum is off/,
    );
    expect(endingText(run)).toMatch(/^✓ every promise kept · /);
    const half = simulate(makePlan({ seed: '1', nodes: 3, profile: 'calm', length, node: { preVote: true } }));
    expect(outcomes(half, 'not applicable')).toEqual(['configuration-safety', 'leader-hears-quorum', 'lease-validity']);
  });

  it('whose bug shows in its log alone is not said to keep the property', () => {
    const wish = { seed: '2', variant: 'append-skips-prev-check', properties: ['log-matching'] };
    expect(simulate(makePlan(wish)).violation?.property).toBe('log-matching');
    const hidden = simulate(makePlan(wish), { capabilities: without('log') });
    expect(hidden.violation).toBeUndefined();
    expect(hidden.verdicts.map(({ outcome }) => outcome)).toEqual(['not applicable']);
    expect(endingText(hidden)).toMatch(/^\? nothing was checked, 1 promise not applicable · seed 2/);
  });
});

describe('what is not applicable', () => {
  const run = simulate(plan, { capabilities: without('disk', 'timers') });

  it('is printed with its reason and counted at the end', () => {
    const lines = promiseLines(run.verdicts, shape);
    expect(lines.filter((line) => line.includes('not applicable: the system does not show'))).toHaveLength(11);
    expect(lines.join('\n')).toMatch(/– timer-armed +not applicable: .*timers \(which timers are armed\)/);
    expect(endingText(run)).toMatch(/^✓ every other promise kept, 11 promises not applicable · /);
  });

  it('stands in the JSON document', () => {
    const json = runJson({ run, realMillis: 1, signal: undefined, replayFile: undefined, command: '' });
    expect(json).toMatchObject({ outcome: 'pass' });
    expect((json as { verdicts: object[] }).verdicts).toContainEqual(
      expect.objectContaining({ property: 'timer-armed', outcome: 'not applicable' }),
    );
  });

  const sum = new StatisticsSum();
  for (let i = 0; i < 2; i++) {
    const one = new StatisticsSum();
    one.runs++;
    one.notApplicable.count('timer-armed');
    sum.add(one.total());
  }
  const report: CampaignReport = {
    seeds: '1..2',
    isPartial: false,
    missing: [],
    regressions: { played: 0, failed: [] },
    figures: { ...sum.total(), situations: 0 },
    groups: [],
    notShrunk: {},
  };

  it('is counted by campaigns, and said in every form of their reports', () => {
    const telling = { folderOf: String, program: 'raft-sim', speed: undefined, signal: undefined };
    const text = fuzzLines(report, { ...telling, isQuiet: false, areRegressionsPrinted: true }, shape).join('\n');
    expect(text).toContain('timer-armed in 2 of 2 runs');
    expect(text).toContain('every other promise kept by 2 seeds, 1 promise not applicable');
    expect(campaignMarkdown(report, new Map())).toContain('Not applicable: timer-armed in 2 of 2 runs.');
    expect(campaignJunit(report)).toMatch(
      /skipped="1"[^]*<skipped message="not applicable: timer-armed in 2 of 2 runs"/,
    );
    expect(campaignGithub(report)).toBe('::notice::not applicable: timer-armed in 2 of 2 runs\n');
    expect(campaignJson(report, '0')).toMatchObject({ figures: { notApplicable: { 'timer-armed': 2 } } });
  });

  it('is missing from sums that were written before it was counted', () => {
    const { notApplicable: _, ...older } = sum.total();
    const again = new StatisticsSum();
    again.add(older);
    expect(again.total()).toMatchObject({ runs: 2, notApplicable: {} });
  });
});

describe('broken properties', () => {
  it('are of liveness only if each of them is', () => {
    expect(isLivenessOnly([])).toBe(false);
    expect(isLivenessOnly(['bounded-liveness'])).toBe(true);
    expect(isLivenessOnly(['bounded-liveness', 'vote-once'])).toBe(false);
    expect(isLivenessOnly(['linearizability'])).toBe(false);
    expect(isLivenessOnly(['no property'])).toBe(false);
  });
});
