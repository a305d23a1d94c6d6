// What a campaign leaves behind for each kind of failure: a folder with its replay, the run that led to it, its story.
//
// Every file is whole or not there. A campaign that found nothing has no folders.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { drawPlan, type SwarmInput } from '../../campaign/swarm.ts';
import type { CampaignReport, FailureGroup } from '../../report/campaign.ts';
import { groupMarkdown } from '../../report/markdown.ts';
import { SequenceDiagram } from '../../report/mermaid.ts';
import type { Plan } from '../../run/plan.ts';
import { simulate } from '../../run/simulate.ts';
import { planOfScenario, readScenario } from '../../scenario/load.ts';
import { playScenario } from '../../scenario/interpreter/play.ts';
import { RECORDED_STEPS_MAX, recordScenario } from '../../scenario/record.ts';
import { decodeTrace, TraceWriter } from '../../trace/format.ts';
import { TraceRecorder } from '../../trace/recorder.ts';
import { writeWhole } from '../ui/files.ts';
import { nearest } from '../../run/nearest.ts';
import { traceEnd } from '../../run/re-record.ts';
import { version } from '../version.ts';
import { reportPage } from '../view/report-page.ts';
import { playedRun, seenRun, type ViewedRun } from '../view/view-input.ts';

export class GroupFolders {
  /** By name of the group: the replay as a picture. */
  readonly pictures = new Map<string, string>();
  private readonly folder: string;
  private readonly swarm: SwarmInput;

  constructor(folder: string, swarm: SwarmInput) {
    this.folder = folder;
    this.swarm = swarm;
  }

  /** Where the files of a group are. */
  readonly folderOf = (name: string): string => join(this.folder, name);

  /** Draws the pictures, which reports want too. */
  draw({ groups }: CampaignReport): void {
    for (const { name, smallest } of groups) {
      if (smallest !== undefined) this.pictures.set(name, pictureOf(smallest.scenario));
    }
  }

  write({ groups }: CampaignReport): void {
    for (const group of groups) this.writeGroup(group);
  }

  private writeGroup(group: FailureGroup): void {
    const { name, smallest, kind } = group;
    const folder = this.folderOf(name);
    if (smallest !== undefined) writeWhole(join(folder, 'replay.yaml'), [smallest.scenario]);
    if (kind === 'violation') {
      const trace = traceOf(drawPlan(smallest?.seed ?? group.seeds[0] ?? '1', this.swarm));
      writeWhole(join(folder, 'trace.ndjson'), [trace]);
      const original = originalOf(trace);
      if (original === undefined) rmSync(join(folder, 'original.yaml'), { force: true });
      else writeWhole(join(folder, 'original.yaml'), [original]);
    }
    writeWhole(join(folder, 'summary.md'), [groupMarkdown(group, this.pictures.get(name), '#')]);
    const seen = this.seenOf(group);
    if (seen !== undefined) writeWhole(join(folder, 'report.html'), [reportPage(seen)]);
  }

  /** What the page of a group shows: the replay, or the run itself if it was not shrunk. */
  private seenOf({ name, smallest, kind, seeds }: FailureGroup): ViewedRun | undefined {
    if (smallest !== undefined) return playedRun(smallest.scenario, join(this.folderOf(name), 'replay.yaml'), {});
    const run = kind === 'violation' ? simulate(drawPlan(seeds[0] ?? '1', this.swarm)) : undefined;
    return run === undefined ? undefined : seenRun(run);
  }
}

/** The whole run that failed, before anything was taken away. */
function traceOf(plan: Plan): string {
  const recorder = new TraceRecorder({ lines: false });
  const run = simulate(plan, { recorder });
  const writer = new TraceWriter({ kind: 'steps', version, plan });
  const pieces = [writer.header(), ...recorder.drain().map((step) => writer.step(step)), writer.end(traceEnd(run))];
  return pieces.join('');
}

function originalOf(text: string): string | undefined {
  const trace = decodeTrace(text, 'trace.ndjson', { nearest });
  return trace.end.steps > RECORDED_STEPS_MAX ? undefined : recordScenario(trace, 'trace.ndjson');
}

function pictureOf(text: string): string {
  const scenario = readScenario(text, { file: 'replay.yaml', nearest });
  const plan = planOfScenario(scenario, {});
  const diagram = new SequenceDiagram(plan.nodes);
  playScenario(scenario, plan, { recorder: diagram });
  return diagram.text();
}
