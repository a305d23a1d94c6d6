// Plays one file: reads it, plays it with one seed or several, and says what became of it as plain data.
//
// A story is played a second time when it is to be seen (its last lines, all of them, its trace): playing is
// deterministic, and writing down costs time. Both plays must come to the same fingerprint.

import { uncheckedPromises } from '../../run/simulate.ts';
import { readFileSync } from 'node:fs';
import { UsageError } from '../../base/errors.ts';
import { companionSentences } from '../../run/node-options.ts';
import type { Plan } from '../../run/plan.ts';
import {
  defectOf,
  mistaken,
  notRun,
  type FailureFacts,
  type PlayFacts,
  type ScenarioResult,
  type SkippedPlace,
} from '../../report/result.ts';
import { planOfScenario, readScenario, type Scenario } from '../../scenario/load.ts';
import { playScenario, type Failure, type Played } from '../../scenario/interpreter/play.ts';
import { ScenarioError, type Path, type Place, type ScenarioSource } from '../../scenario/syntax/source.ts';
import { verbsOf } from '../../scenario/schema/schema.ts';
import { LAST_LINES } from '../ui/failure.ts';
import { troubleText } from '../ui/files.ts';
import { nearest } from '../../run/nearest.ts';
import { nodeTable } from '../ui/node-table.ts';
import { nodeSnapshots } from '../../trace/node-snapshot.ts';
import { paintWith } from '../ui/paint.ts';
import { hasRandomParts, showsSomething, seedOf } from './chance.ts';
import { systemTrouble } from '../system-trouble.ts';
import { commandOf, type ScenarioJob } from './job.ts';
import { renderStory, type StoryOutput } from './story.ts';

/** Facts have no colour. */
const PLAIN = paintWith(false);

export interface Listener {
  printed(output: StoryOutput): void;
  /** Play no further seeds. */
  isStopped(): boolean;
  /** Play not even this story to its end. */
  isEnded(): boolean;
}

export function playFile(job: ScenarioJob, listener: Listener, clock: () => number): ScenarioResult {
  const begun = clock();
  const result = played(job, listener);
  return { ...result, realMillis: clock() - begun };
}

function played(job: ScenarioJob, listener: Listener): ScenarioResult {
  const { file } = job;
  try {
    const text = job.text ?? readFile(file);
    return new FilePlay(job, readScenario(text, { file, nearest }), listener).play();
  } catch (error) {
    if (error instanceof UsageError) return mistakeOf(file, error);
    const trouble = systemTrouble(error);
    if (trouble !== undefined) return mistaken(file, { lines: [trouble], inFile: [] });
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    return defectOf(file, { message, stack, command: commandOf(job, job.input.seed) });
  }
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${troubleText(error)}`);
  }
}

export function mistakeOf(file: string, error: UsageError): ScenarioResult {
  const problems = error instanceof ScenarioError ? error.problems : [];
  const inFile = problems.map(({ line, column, message, word, known = [] }) => ({
    line,
    column,
    message,
    suggestion: (word === undefined ? undefined : nearest(word, known)) ?? null,
  }));
  return mistaken(file, { lines: error.message.split('\n'), inFile });
}

class FilePlay {
  private readonly job: ScenarioJob;
  private readonly scenario: Scenario;
  private readonly listener: Listener;

  constructor(job: ScenarioJob, scenario: Scenario, listener: Listener) {
    this.job = job;
    this.scenario = scenario;
    this.listener = listener;
  }

  play(): ScenarioResult {
    const { input: wishes, repeat, file } = this.job;
    const own = planOfScenario(this.scenario, wishes);
    const most = repeat > 1 && hasRandomParts(this.scenario.raw) ? repeat : 1;
    let plan = own;
    const isStopped = (): boolean => this.listener.isEnded();
    let done = playScenario(this.scenario, plan, { isStopped });
    let micros = done.figures.micros;
    let plays = 1;
    while (done.failure === undefined && plays < most && !this.listener.isStopped()) {
      plays++;
      plan = planOfScenario(this.scenario, { ...wishes, seed: seedOf(own.seed, plays) });
      done = playScenario(this.scenario, plan, { isStopped });
      micros += done.figures.micros;
    }
    const { failure } = done;
    if (failure?.kind === 'stopped') return notRun(file);
    const lastSteps = this.playAgain(plan, done);
    return {
      file,
      name: this.scenario.raw.name,
      outcome: failure === undefined ? 'passed' : failure.kind === 'mistake' ? 'mistake' : 'failed',
      play: this.facts(plan, own, done, { plays, micros }),
      failure: failure === undefined ? null : failureFacts(this.scenario.source, failure, done, lastSteps),
      mistakes: null,
      defect: null,
      realMillis: 0,
    };
  }

  /** Plays it once more for what is to be seen of it; returns the last lines of a failure. */
  private playAgain(plan: Plan, done: Played): readonly string[] {
    const { output, columns, trace } = this.job;
    const isShown = output === 'steps' || (output === 'shown' && showsSomething(this.scenario.raw));
    if (done.failure === undefined && !isShown && trace === undefined) return [];
    const { run, failure, lastLines } = renderStory(this.scenario, plan, {
      keep: LAST_LINES,
      print: isShown ? (part) => this.listener.printed(part) : undefined,
      isLong: output === 'steps',
      columns,
      trace,
      isStopped: () => this.listener.isEnded(),
    });
    if (failure?.kind === 'stopped' || run.fingerprint === done.run.fingerprint) return lastLines;
    const sides = `${done.run.fingerprint}, then ${run.fingerprint}`;
    throw new Error(`two plays of one story differ: after ${done.run.steps} steps the fingerprint was ${sides}`);
  }

  private facts(
    plan: Plan,
    own: Plan,
    { run, figures, skipped }: Played,
    all: { plays: number; micros: number },
  ): PlayFacts {
    const { micros, messages, bytes, entriesCommitted } = figures;
    return {
      seed: plan.seed,
      nodes: plan.nodes,
      variant: plan.variant,
      companions: companionSentences(plan),
      notApplicable: uncheckedPromises(run),
      plays: all.plays,
      steps: run.steps,
      fingerprint: run.fingerprint,
      virtualMicros: micros,
      virtualMicrosOfAll: all.micros,
      messages,
      bytes,
      entriesCommitted,
      skipped: skippedPlaces(this.scenario.source, skipped),
      command: commandOf(this.job, plan.seed === own.seed ? this.job.input.seed : plan.seed),
    };
  }
}

/** Each place once; a repetition may skip the same step very often. */
function skippedPlaces(source: ScenarioSource, skipped: Played['skipped']): SkippedPlace[] {
  const places = new Map<string, SkippedPlace>();
  for (const { path, why } of skipped) {
    const { line, column } = source.place(path, 'value');
    const key = `${line}:${column} ${why}`;
    places.set(key, { line, column, why, times: (places.get(key)?.times ?? 0) + 1 });
  }
  return Array.from(places.values());
}

function failureFacts(
  source: ScenarioSource,
  { kind, path, expected, found }: Failure,
  { run, hosts }: Played,
  lastSteps: readonly string[],
): FailureFacts {
  const { line, column } = path.length > 0 ? source.place(path, 'value') : endOf(source);
  const promise = kind === 'violated' ? (run.violation ?? null) : null;
  const nodes = nodeSnapshots(hosts);
  return {
    kind: kind === 'violated' ? 'promise' : kind === 'failed' ? 'expectation' : 'mistake',
    line,
    column,
    what: promise === null ? whatStandsAt(source, path) : `${promise.property} is broken`,
    excerpt: source.excerpt(line, column),
    expected,
    found,
    promise,
    lastSteps,
    servers: nodeTable(nodes, PLAIN),
    nodes,
  };
}

/** Where a story ends: at what it expects, or at its last step. */
function endOf(source: ScenarioSource): Place {
  const steps = source.at(['steps']);
  if (source.at(['expect']) !== undefined || !Array.isArray(steps)) return source.place(['expect'], 'key');
  return source.place(['steps', steps.length - 1], 'value');
}

/** `expect: logs: n2` for what stands at such a path, wherever among the steps. */
function whatStandsAt(source: ScenarioSource, path: Path): string {
  let inStep = path;
  while ((inStep[0] === 'steps' || inStep[0] === 'do') && typeof inStep[1] === 'number') inStep = inStep.slice(2);
  const words = inStep.filter((part) => typeof part === 'string');
  if (words.length > 0) return words.join(': ');
  const step = source.at(path);
  if (typeof step === 'string') return step;
  return (typeof step === 'object' && step !== null ? verbsOf(step)[0] : undefined) ?? 'a step';
}
