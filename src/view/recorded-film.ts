// A film of a run that is not taken again, because the Raft in it is another one: everything comes from its trace.
//
// A trace with states shows what the system shows of itself. One without them knows which servers were up, and what
// each step was; what is not known stays unknown, and is said.

import { UsageError } from '../base/errors.ts';
import { NOBODY } from '../base/ids.ts';
import { goalNames, type GoalName } from '../check/goals.ts';
import { capabilities, capabilityTable, type Capability } from '../protocol/capabilities.ts';
import type { Verdict } from '../run/simulate.ts';
import { planOfTrace } from '../run/traced-plan.ts';
import { nodeOf, type Step } from '../sim/step.ts';
import type { Trace } from '../trace/format.ts';
import { stepInWords, stepLine } from '../trace/line.ts';
import type { Film, FilmRun } from './film.ts';
import { History, NO_LOG, type RecordedLook } from './history.ts';
import type { ServerMoment } from './moments.ts';
import { SeenReader } from './seen.ts';

/** So many steps are read between two looks at the clock. */
const SLICE = 2000;

/** Reads a trace as a film, a slice at each turn: tells how many steps were read. */
export function* filmOfRecord(trace: Trace): Generator<number, Film> {
  const plan = planOfTrace(trace);
  const { header, end, steps, prints } = trace;
  if (header.kind !== 'steps') {
    throw new UsageError(`${trace.placeOf(1, ['kind'])}: the trace holds no steps, and another Raft is not run here`);
  }
  const history = new History(plan.nodes);
  const reader = header.seen === undefined ? new StepsReader(trace) : new SeenReader(trace);
  const { shows, looks } = reader.before();
  history.shows = shows;
  for (const look of looks) history.watchRecorded(look);
  for (const [place, step] of steps.entries()) {
    history.takeRecorded({ step, print: prints[place] ?? '', ...reader.step(place + 1) });
    if (place % SLICE === SLICE - 1) yield place + 1;
  }
  const { violation, at, fingerprint } = end;
  const seen = (end.seen ?? {}) as { readonly verdicts?: readonly Verdict[]; readonly goals?: object };
  const { counts, reached } = goalsOf(seen.goals ?? {});
  const broken =
    violation === null ? undefined : { property: violation.property, why: violation.why, step: end.steps, at };
  const run: FilmRun = {
    plan,
    steps: end.steps,
    at,
    fingerprint,
    verdicts: seen.verdicts ?? [],
    violation: broken,
    goals: counts,
    flood: undefined,
  };
  const hasStates = header.seen !== undefined;
  return { plan, history, run, goals: reached, recorded: { system: plan.system ?? 'raft-sim', hasStates } };
}

function goalsOf(written: object): { readonly counts: FilmRun['goals']; readonly reached: Film['goals'] } {
  const reached = new Map<GoalName, number[]>();
  const counts = Object.fromEntries(goalNames.map((name) => [name, 0])) as Record<GoalName, number>;
  for (const [name, value] of Object.entries(written) as [GoalName, unknown][]) {
    if (!goalNames.includes(name) || !Array.isArray(value)) continue;
    const [count, first] = value as unknown[];
    counts[name] = Number(count);
    reached.set(name, [Number(first)]);
  }
  return { counts, reached };
}

/** What a page says about what it does not know of a recorded run; empty for a run of our own node. */
export function unknownWords({ recorded, history }: Film): string[] {
  if (recorded === undefined) return [];
  const front = `This is a recorded run of another Raft, ${recorded.system}, which cannot be run again here.`;
  if (!recorded.hasStates) {
    return [
      front,
      'Its trace was written without --states: nobody knows what servers were, what messages said and when they left.',
    ];
  }
  const hidden = hiddenBy(history).map((name) => capabilityTable[name]);
  return hidden.length === 0 ? [front] : [front, `The system does not show ${hidden.join('; ')}.`];
}

/** What a system does not show; nobody but our own node shows what messages say, field by field. */
const hiddenBy = ({ shows }: Pick<History, 'shows'>): Capability[] =>
  shows === undefined ? [] : capabilities.filter((name) => name !== 'contents' && !shows.includes(name));

const UNKNOWN: ServerMoment = {
  step: 0,
  status: 'down',
  role: 'unknown',
  term: 0,
  votedFor: NOBODY,
  leader: NOBODY,
  commitIndex: 0,
  lastIndex: 0,
  base: 0,
  applied: 0,
  disk: { term: 0, votedFor: NOBODY, lastIndex: 0, cachedWrites: 0 },
  unservable: undefined,
  life: 0,
  armed: 0,
  clock: { ratePpm: 0, offset: 0 },
  followers: undefined,
  configuration: undefined,
  values: undefined,
  machineHash: undefined,
  thrown: undefined,
};

/** Of a trace without states: which servers are up. */
class StepsReader {
  private readonly trace: Trace;
  private readonly moments: ServerMoment[];

  constructor(trace: Trace) {
    this.trace = trace;
    this.moments = Array.from({ length: trace.header.plan.nodes }, () => UNKNOWN);
  }

  before(): { readonly shows: undefined; readonly looks: readonly RecordedLook[] } {
    return { shows: undefined, looks: this.moments.map((moment, node) => lookOf(node, moment)) };
  }

  step(number: number): ReturnType<SeenReader['step']> {
    const step = this.trace.steps[number - 1] as Step;
    const around = { message: undefined, answer: undefined, term: undefined, cached: 0, host: undefined };
    const line = stepLine(number, step.at, stepInWords(step, around), [], []);
    const node = nodeOf(step);
    const before = node === undefined ? undefined : this.moments[node];
    const change = before === undefined ? undefined : statusAfter(step, before);
    if (node === undefined || before === undefined || change === undefined) {
      return { line, sent: [], answers: [], look: undefined };
    }
    const moment = { ...before, ...change, step: number };
    this.moments[node] = moment;
    return { line, sent: [], answers: [], look: lookOf(node, moment) };
  }
}

const lookOf = (node: number, moment: ServerMoment): RecordedLook => ({ node, moment, memory: NO_LOG, disk: NO_LOG });

function statusAfter(step: Step, { life }: ServerMoment): Pick<ServerMoment, 'status' | 'life'> | undefined {
  switch (step.kind) {
    case 'restart':
      return { status: 'up', life: life + 1 };
    case 'pause':
      return { status: 'paused', life };
    case 'resume':
      return { status: 'up', life };
    case 'crash':
    case 'write-failed':
      return { status: 'down', life };
    default:
      return 'effects' in step && step.effects !== undefined ? { status: 'down', life } : undefined;
  }
}
