// A scenario, read and checked: the plan that it means and the steps that are to be played.
//
// Everything that can be known without running is found here: shapes by the schema, then names. Every mistake has its
// place in the file.

import { UsageError } from '../base/errors.ts';
import { UnknownWordError } from '../run/checked.ts';
import { makePlan, NODES_MAX, type DiskContents, type Plan, type PlanInput } from '../run/plan.ts';
import { parseLog, parseSizes, type Sizes } from './syntax/grammar.ts';
import { validate } from './syntax/issues.ts';
import { NameCheck } from './names.ts';
import { exampleAt, knownKeys, nounOf, remedyFor } from './syntax/keys.ts';
import { scenarioSchema, type RawScenario } from './schema/schema.ts';
import { nodeNumber } from './conditions/selector.ts';
import { ScenarioSource, type Nearest, type Path } from './syntax/source.ts';
import { quantities } from './syntax/values.ts';

/** What may be decided in place of the file. */
export interface ScenarioInput {
  /** Instead of the seed of the file. */
  readonly seed?: string | undefined;
  /** Instead of the number of servers of the file. */
  readonly nodes?: number | undefined;
  /** null: the correct node, whatever the file says. */
  readonly variant?: string | null | undefined;
  /** Instead of the system of the file; null: our own node, whatever the file says. */
  readonly system?: string | null | undefined;
}

/** How a scenario is read. */
export interface Reading {
  /** How messages name the file. */
  readonly file: string;
  /** Finds among the known words the one that was probably meant, for suggestions. */
  readonly nearest: Nearest;
}

/** A scenario that was read and has no mistakes. */
export interface Scenario {
  /** The text, with the place of each piece. */
  readonly source: ScenarioSource;
  /** What the file says, as plain data. */
  readonly raw: RawScenario;
}

/**
 * Reads a scenario from its YAML text.
 *
 * @throws ScenarioError that names every mistake with its place.
 */
export function readScenario(text: string, { file, nearest }: Reading): Scenario {
  const source = ScenarioSource.read(text, file, nearest);
  const raw: RawScenario = validate(scenarioSchema, source, { knownKeys, nounOf, remedyFor, exampleAt });
  const scenario = { source, raw };
  checkNames(scenario, sizesOf(raw).default);
  planOfScenario(scenario, {});
  return scenario;
}

/** Nodes that a file names must be there in a cluster of this size. */
function checkNames({ source, raw }: Scenario, nodes: number): void {
  const names = new NameCheck(source, nodes);
  names.checkScenario(raw);
  if (names.problems.length > 0) source.fail(names.problems);
}

/** How many servers a scenario is written for. */
function sizesOf(raw: RawScenario): Sizes {
  const nodes = raw.cluster?.nodes ?? 3;
  if (typeof nodes === 'number') return { default: nodes, from: nodes, to: nodes };
  return typeof nodes === 'string' ? parseSizes(nodes, NODES_MAX) : nodes;
}

/**
 * The plan that a scenario means.
 *
 * @throws ScenarioError or UsageError where the input does not fit the scenario.
 */
export function planOfScenario({ source, raw }: Scenario, input: ScenarioInput): Plan {
  const { from, to, default: usual } = sizesOf(raw);
  const nodes = input.nodes ?? usual;
  if (nodes < from || nodes > to) {
    const allowed = from === to ? `${from} nodes` : `${from} to ${to} nodes`;
    throw new UsageError(`--nodes is ${nodes}, but ${source.file} is written for ${allowed}`);
  }
  if (input.nodes !== undefined) checkNames({ source, raw }, nodes);
  const variant = input.variant === undefined ? (raw.variant ?? null) : input.variant;
  const plan: PlanInput = {
    seed: input.seed ?? String(raw.seed ?? 1),
    nodes,
    spares: raw.cluster?.spares,
    profile: 'calm',
    parameters: { clients: 0, ...quantities(raw.cluster?.timing ?? {}), ...quantities(raw.workload ?? {}) },
    preset: raw.cluster?.preset,
    node: raw.cluster?.node,
    variant,
    system: (input.system === undefined ? raw.system : input.system) ?? undefined,
    properties: raw.promises,
    disks: disksOf(raw, nodes),
  };
  return at(source, ['cluster'], () => makePlan(plan));
}

function disksOf(raw: RawScenario, nodes: number): readonly DiskContents[] | undefined {
  const { start } = raw.cluster ?? {};
  if (start === undefined) return undefined;
  const disks: DiskContents[] = Array.from({ length: nodes }, () => ({ term: 0, votedFor: 0, log: [] }));
  for (const [name, contents] of Object.entries(start)) {
    const log = parseLog(String(contents.log ?? 'empty'));
    const vote = contents.vote === undefined || contents.vote === 'nobody' ? 0 : (nodeNumber(contents.vote) ?? 0);
    const disk = { term: contents.term ?? log.at(-1) ?? 0, votedFor: vote, log };
    const number = nodeNumber(name);
    if (number !== undefined) disks[number - 1] = disk;
    else for (let i = 0; i < nodes; i++) disks[i] = disk;
  }
  return disks;
}

/** Gives a mistake that has no place one. */
function at<Value>(source: ScenarioSource, path: Path, make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { word, known } = error instanceof UnknownWordError ? error : { word: undefined, known: undefined };
    return source.fail([source.problem(path, 'key', error.message, word, known)]);
  }
}
