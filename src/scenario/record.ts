// A trace as a scenario: the same steps in the words of the language, at the same times, with the same fingerprint.
//
// The steps of the trace are taken once more. Messages are named by link and kind, and by their place among their like
// where that is not enough, so that the scenario can be read, edited and replayed on another version.

import { UsageError } from '../base/errors.ts';
import { timerTable } from '../protocol/timers.ts';
import { nodeName, type NodeId } from '../base/ids.ts';
import { planFromJson, type Plan } from '../run/plan.ts';
import { propertyNames } from '../run/properties.ts';
import { durationText, quantityText } from '../run/quantity.ts';
import { Simulation } from '../run/simulate.ts';
import { parameterNames, parameterTable } from '../sim/parameters.ts';
import type { LinkEnds, Step } from '../sim/step.ts';
import type { Trace } from '../trace/format.ts';
import { TraceRecorder } from '../trace/recorder.ts';
import { choose, messageTestOf, type PatternValue } from './conditions/pattern.ts';
import { commandText, logText } from './syntax/grammar.ts';
import type { RawScenario, RawStep } from './schema/schema.ts';
import { scenarioText, type ScenarioStepText } from './syntax/write.ts';

/** What a file of a scenario can hold; longer runs are for `replay` and `shrink`. */
export const RECORDED_STEPS_MAX = 10_000;

/** The scenario of a trace, as YAML; throws a UsageError if it is too long or cannot be taken again. */
export function recordScenario(trace: Trace, name: string): string {
  const plan = planFromJson(trace.header.plan, `${name}:1`);
  const { end } = trace;
  if (end.steps > RECORDED_STEPS_MAX) {
    const limit = `expected at most ${RECORDED_STEPS_MAX} for a scenario`;
    throw new UsageError(`${name} has ${end.steps} steps, ${limit}: run it with a shorter --for`);
  }
  const script = trace.header.kind === 'steps' ? trace.steps : stepsOf(plan, end.steps);
  const { steps, fingerprint } = toldSteps(plan, script);
  if (fingerprint !== end.fingerprint) {
    throw new UsageError(`${name} does not repeat on this version: replay it to see the first difference`);
  }
  const violated = propertyNames.find((property) => property === end.violation?.property);
  return scenarioText({
    name: `a recorded run, seed ${plan.seed}`.slice(0, 100),
    why: violated === undefined ? `Recorded from ${name}.` : `Recorded from ${name}, where ${violated} broke.`,
    ...clusterOf(plan),
    steps,
    expect: violated === undefined ? { fingerprint } : { violated, fingerprint },
  });
}

/** The steps of a run that was kept by its seed alone. */
function stepsOf(plan: Plan, count: number): Step[] {
  const recorder = new TraceRecorder({ lines: false });
  new Simulation(plan, { recorder }).advance(count);
  return recorder.drain().map((traced) => traced.data);
}

/** Everything of a plan that decides how steps are taken and judged; draws no longer matter. */
function clusterOf(plan: Plan): Pick<RawScenario, 'cluster' | 'seed' | 'variant' | 'promises'> {
  const timing = parameterNames
    .filter((name) => ['settle', 'electionTimeoutMin', 'electionTimeoutMax', 'delayMax'].includes(name))
    .filter((name) => plan.parameters[name] !== parameterTable[name].calm)
    .map((name) => [name, quantityText(parameterTable[name].unit, plan.parameters[name])]);
  return {
    cluster: {
      nodes: plan.nodes,
      node: plan.node,
      byHand: ['boot', 'writes', 'answers', 'drops', 'crashes'],
      ...(timing.length > 0 ? { timing: Object.fromEntries(timing) as Record<string, string> } : {}),
      ...(plan.disks === undefined ? {} : { start: startOf(plan.disks) }),
    },
    seed: plan.seed,
    ...(plan.variant === null ? {} : { variant: plan.variant }),
    ...(plan.properties.length === propertyNames.length ? {} : { promises: plan.properties.slice() }),
  };
}

function startOf(disks: NonNullable<Plan['disks']>): NonNullable<NonNullable<RawScenario['cluster']>['start']> {
  const rows = disks.map(({ term, votedFor, log }, i) => [
    `n${i + 1}`,
    { term, vote: votedFor === 0 ? 'nobody' : `n${votedFor}`, log: logText(log) },
  ]);
  return Object.fromEntries(rows) as ReturnType<typeof startOf>;
}

/** Takes the steps again, each told in the words of the language. */
function toldSteps(plan: Plan, script: readonly Step[]): { steps: ScenarioStepText[]; fingerprint: string } {
  const simulation = new Simulation(plan, { direct: { writes: true, answers: true, drops: true, crashes: true } });
  const { world, director } = simulation;
  const steps: ScenarioStepText[] = [];
  for (const step of script) {
    const told = tell(step, simulation);
    steps.push({ step: step.at > world.now ? { ...told, at: durationText(step.at) } : told });
    if (step.at > world.now) world.now = step.at;
    const why = director.take(step);
    if (why !== undefined) throw new UsageError(`step ${steps.length} cannot be taken again: ${why}`);
  }
  return { steps, fingerprint: world.fingerprint.toString() };
}

/** A step in the words of the language, as the world is just before it. */
export function tell(step: Step, simulation: Simulation): RawStep {
  const effects = 'effects' in step && step.effects !== undefined ? { effects: step.effects } : {};
  switch (step.kind) {
    case 'deliver':
    case 'drop':
    case 'duplicate':
      return { [step.kind]: patternFor(step, simulation), ...effects };
    case 'timer':
      return { [timerTable[step.timer].verb]: nodeName(step.node), ...effects };
    case 'durable':
      return { persist: nodeName(step.node), ...effects };
    case 'write-failed':
      return { 'fail write': { node: nodeName(step.node), error: step.error, kept: step.kept } };
    case 'crash':
      return { crash: crashOf(step, simulation) };
    case 'wipe':
    case 'restart':
    case 'pause':
    case 'resume':
      return { [step.kind]: nodeName(step.node) };
    case 'cut':
      return { cut: { links: linkTexts(step.links), shape: step.shape, fault: step.fault } };
    case 'slow':
      return { slow: { links: linkTexts(step.links), factor: step.factor, fault: step.fault } };
    case 'heal':
    case 'mend':
      return { heal: { fault: step.fault } };
    case 'clock':
      return { clock: { node: nodeName(step.node), rate: signed(step.ratePpm, 'ppm'), jump: signed(step.jump, 'us') } };
    case 'calm':
      return { calm: true };
    case 'call':
      return {
        call: {
          client: step.client + 1,
          sequence: step.sequence,
          to: nodeName(step.node),
          command: commandText(step.operation) ?? step.operation,
        },
        ...effects,
      };
    case 'answer':
      return { answer: { client: step.client + 1, number: step.number, ...(step.lost ? { lost: true } : {}) } };
  }
}

/** The shortest crash that means the same. */
function crashOf(step: Extract<Step, { kind: 'crash' }>, { world }: Simulation): NonNullable<RawStep['crash']> {
  const node = nodeName(step.node);
  const cached = world.host(step.node).disk.cachedWrites;
  if (step.kept >= cached && !step.torn) return node;
  return { node, keep: step.kept === 0 ? 'none' : step.kept, ...(step.torn ? { torn: true } : {}) };
}

/** The shortest pattern whose oldest match is the message of a step. */
function patternFor(
  step: { readonly from: NodeId; readonly to: NodeId; readonly number: number },
  { director }: Simulation,
): string | PatternValue {
  const link = { from: nodeName(step.from), to: nodeName(step.to) };
  const letters = director.onTheirWay();
  const meant = letters.find(
    ({ message, number }) => message.from === step.from && message.to === step.to && number === step.number,
  );
  if (meant === undefined) throw new UsageError(`a message from ${link.from} to ${link.to} is not on its way`);
  const { kind, term } = meant.message;
  const test = messageTestOf({ kind, term }, [step.from], [step.to]);
  const like = choose(letters, test, { all: true });
  const isOldest = choose(letters, messageTestOf({ kind }, [step.from], [step.to]), {})[0] === meant;
  if (isOldest) return `${link.from} -> ${link.to} ${kind}`;
  const nth = like.indexOf(meant) + 1;
  return nth === 1 ? { ...link, kind, term } : { ...link, kind, term, nth };
}

const linkTexts = (links: readonly LinkEnds[]): string[] =>
  links.map(([from, to]) => `${nodeName(from)} -> ${nodeName(to)}`);

const signed = (n: number, unit: string): string => `${n < 0 ? '-' : '+'}${Math.abs(n)}${unit}`;
