// The environment in which a schedule is tried: a plan, what is done by hand, and what follows the last move.
//
// The plainest environment is the best: the usual options of the node and, where the cluster is to recover, the usual
// timing, no client, and everything on its way arrives. A run that fails only in another one keeps of its own what it
// needs.

import { makePlan, type Plan } from '../run/plan.ts';
import type { ByHand } from '../sim/schedule/directed.ts';
import { parameterTable, parametersWith, type Parameters } from '../sim/parameters.ts';
import type { VariantName } from '../zoo/variant.ts';
import type { Recovery } from './recovery.ts';

export interface Environment {
  readonly plan: Plan;
  readonly byHand: ByHand;
  /** What follows the moves; undefined: nothing. */
  readonly recovery?: Recovery;
}

type Options = Plan['node'];

const usual = new Map<VariantName | null, Options>();

/** The options that a node has if none is given, some of which its bug may ask for. */
export function usualOptions({ variant }: Pick<Plan, 'variant'>): Options {
  const known = usual.get(variant) ?? makePlan({ variant }).node;
  usual.set(variant, known);
  return known;
}

/** The options of a node that are not as they usually are. */
export function unusualOptions(plan: Pick<Plan, 'variant' | 'node'>): (keyof Options)[] {
  const standard = usualOptions(plan);
  return (Object.keys(standard) as (keyof Options)[]).filter((name) => plan.node[name] !== standard[name]);
}

/** What a scenario draws from that names no seed. */
export const USUAL_SEED = '1';

/** How much of the time that runs is not as usual: timing, clients, the seed. */
export function unusualRecovery({ plan: { seed, parameters }, recovery }: Environment): number {
  if (recovery === undefined) return 0;
  const timing = timingNames.filter((name) => parameters[name] !== parameterTable[name].calm).length;
  return timing + parameters.clients + (seed === USUAL_SEED ? 0 : 1);
}

/** The environments in which a run that did not recover may fail again, the plainest first. */
export function recoveriesOf(environment: Environment, run: Plan): Environment[] {
  const { plan } = environment;
  const seeds = Array.from(new Set([USUAL_SEED, plan.seed]));
  const timing = timingOf(run.parameters);
  const { clients } = run.parameters;
  const changesOfAll: readonly Partial<Parameters>[] = [
    { clients: 0 },
    { clients: 1 },
    { ...timing, clients: 0 },
    { ...timing, clients: 1 },
    { ...timing, clients },
  ];
  return changesOfAll.flatMap((changes) =>
    seeds.flatMap((seed) =>
      [false, true].map((isEmptied) => ({
        ...environment,
        plan: { ...plan, seed, parameters: parametersWith(changes) },
        recovery: { isEmptied },
      })),
    ),
  );
}

/** What decides when things happen while nothing is broken; what goes together is a part. */
export const timingParts = [
  ['electionTimeoutMin', 'electionTimeoutMax'],
  ['heartbeatInterval'],
  ['settle'],
  ['delayMin', 'delayMax'],
  ['writeDelayMin', 'writeDelayMax'],
  ['syncDelayMin', 'syncDelayMax'],
] as const;

export const timingNames = timingParts.flat();

const timingOf = (parameters: Parameters): Partial<Parameters> =>
  Object.fromEntries(timingNames.map((name) => [name, parameters[name]]));
