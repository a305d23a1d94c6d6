// A trace as a scenario: the same steps in the words of the language, at the same times, with the same fingerprint.
//
// The steps of the trace are taken once more. Messages are named by link and kind, and by their place among their like
// where that is not enough, so that the scenario can be read, edited and replayed on another version.

import { UsageError } from '../base/errors.ts';
import { nodeName } from '../base/ids.ts';
import type { Plan } from '../run/plan.ts';
import { propertyNames } from '../run/properties.ts';
import { durationText, quantityText } from '../run/quantity.ts';
import { Simulation } from '../run/simulate.ts';
import { parameterNames, parameterTable } from '../sim/parameters.ts';
import type { Step } from '../sim/step.ts';
import type { Trace } from '../trace/format.ts';
import { planOfTrace } from '../run/traced-plan.ts';
import { TraceRecorder } from '../trace/recorder.ts';
import { choose, messageTestOf, type PatternValue } from './conditions/pattern.ts';
import { renderDisks, renderStep } from './render.ts';
import type { RawScenario } from './schema/schema.ts';
import { scenarioText, type ScenarioStepText } from './syntax/write.ts';
import type { Rendering } from './verbs/verb.ts';

/** What a file of a scenario can hold; longer runs are for `replay` and `shrink`. */
export const RECORDED_STEPS_MAX = 10_000;

/** The scenario of a trace, as YAML; throws a UsageError if it is too long or cannot be taken again. */
export function recordScenario(trace: Trace, name: string): string {
  const plan = planOfTrace(trace);
  const { end } = trace;
  if (end.steps > RECORDED_STEPS_MAX) {
    const limit = `expected at most ${RECORDED_STEPS_MAX} for a scenario`;
    const place = trace.placeOf(trace.lineOf(Infinity), ['steps']);
    throw new UsageError(`${place}: the trace has ${end.steps} steps, ${limit}: run it with a shorter --for`);
  }
  const script = trace.header.kind === 'steps' ? trace.steps : stepsOf(plan, end.steps);
  const { steps, fingerprint } = renderedSteps(plan, script);
  if (fingerprint !== end.fingerprint) {
    const place = trace.placeOf(trace.lineOf(Infinity), ['fingerprint']);
    throw new UsageError(`${place}: the trace does not repeat on this version: replay it to see the first difference`);
  }
  const violated = propertyNames.find((property) => property === end.violation?.property);
  return scenarioText({
    name: `a recorded run, seed ${plan.seed}`.slice(0, 100),
    why: violated === undefined ? `Recorded from ${name}.` : `Recorded from ${name}, where ${violated} broke.`,
    strict: false,
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
function clusterOf(plan: Plan): Pick<RawScenario, 'cluster' | 'seed' | 'variant' | 'system' | 'promises'> {
  const timing = parameterNames
    .filter((name) =>
      ['settle', 'electionTimeoutMin', 'electionTimeoutMax', 'heartbeatInterval', 'delayMax'].includes(name),
    )
    .filter((name) => plan.parameters[name] !== parameterTable[name].calm)
    .map((name) => [name, quantityText(parameterTable[name].unit, plan.parameters[name])]);
  return {
    cluster: {
      nodes: plan.nodes,
      ...(plan.spares === undefined ? {} : { spares: plan.spares }),
      node: plan.node,
      byHand: ['boot', 'writes', 'answers', 'drops', 'crashes'],
      ...(timing.length > 0 ? { timing: Object.fromEntries(timing) as Record<string, string> } : {}),
      ...(plan.disks === undefined ? {} : { start: renderDisks(plan.disks) }),
    },
    seed: plan.seed,
    ...(plan.variant === null ? {} : { variant: plan.variant }),
    ...(plan.system === undefined ? {} : { system: plan.system }),
    ...(plan.properties.length === propertyNames.length ? {} : { promises: plan.properties.slice() }),
  };
}

/** Takes the steps again, each written in the words of the language. */
function renderedSteps(plan: Plan, script: readonly Step[]): { steps: ScenarioStepText[]; fingerprint: string } {
  const simulation = new Simulation(plan, { direct: { writes: true, answers: true, drops: true, crashes: true } });
  const { world, director } = simulation;
  const before = new WorldBefore(simulation);
  const steps: ScenarioStepText[] = [];
  for (const step of script) {
    const rendered = renderStep(step, before);
    steps.push({ step: step.at > world.now ? { ...rendered, at: durationText(step.at) } : rendered });
    if (step.at > world.now) world.now = step.at;
    const why = director.take(step);
    if (why !== undefined) throw new UsageError(`step ${steps.length} cannot be taken again: ${why}`);
  }
  return { steps, fingerprint: world.fingerprint.toString() };
}

/** The world just before the next step of the trace. */
class WorldBefore implements Rendering {
  readonly areCallsInFull = true;
  private readonly simulation: Simulation;

  constructor(simulation: Simulation) {
    this.simulation = simulation;
  }

  cachedWrites(node: Parameters<Rendering['cachedWrites']>[0]): number {
    return this.simulation.world.host(node).disk.cachedWrites;
  }

  pattern(step: Parameters<Rendering['pattern']>[0]): string | PatternValue {
    const link = { from: nodeName(step.from), to: nodeName(step.to) };
    const waiting = this.simulation.director.onTheirWay();
    const meant = waiting.find(
      ({ message, number }) => message.from === step.from && message.to === step.to && number === step.number,
    );
    if (meant === undefined) throw new UsageError(`a message from ${link.from} to ${link.to} is not on its way`);
    const { kind, term } = meant.message;
    const isOldest = choose(waiting, messageTestOf({ kind }, [step.from], [step.to]), {})[0] === meant;
    if (isOldest) return `${link.from} -> ${link.to} ${kind}`;
    const alike = choose(waiting, messageTestOf({ kind, term }, [step.from], [step.to]), { all: true });
    const nth = alike.indexOf(meant) + 1;
    return nth === 1 ? { ...link, kind, term } : { ...link, kind, term, nth };
  }
}
