// What a fault is: the columns of its row. All that a fault means stands in one place: its numbers, when it strikes and
// what then happens, how it ends, its value in each profile, how campaigns draw it, and what the docs say.
//
// A fault draws from a stream of its own, so that taking one away shifts no other. It knows only its own parameters.

import type { NodeId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import type { Host } from '../host.ts';
import type { Parameter } from '../parameter.ts';
import type { StepKind } from '../step.ts';
import type { World } from '../world.ts';

/** The values of some parameters. */
export type Values<Name extends string> = { readonly [name in Name]: number };

/** The profiles of which each brings faults of one kind; `chaos` brings all of these, `whole` operators beside. */
export const faultProfiles = ['lossy', 'partitions', 'crashes', 'disk', 'clocks'] as const;
export type FaultProfile = (typeof faultProfiles)[number] | 'chaos' | 'whole';

/** What the nemesis needs the scheduler to do, because timers and held events are the scheduler's. */
export interface SchedulerActions {
  crash(host: Host): void;
  resume(host: Host): void;
  requeueTimers(host: Host): void;
}

/** What the nemesis does for a fault that strikes. */
export interface Striker {
  readonly world: World;
  readonly scheduler: SchedulerActions;
  /** The faults are over: what lies in wait strikes no more. */
  readonly isOver: boolean;
  /** Remembers a process that was struck: what is broken of it is mended when the faults end. */
  strike(host: Host): void;
  /** The number of a fault of links that begins now; it ends with the others. */
  nextFault(): number;
  /** A process, the leader more often than others. */
  victim(random: Random): Host;
  /** The running leader of the newest term, if there is one. */
  leader(): Host | undefined;
  /** The leader of the newest term if the dice aim at it and there is one. */
  leaderOr(random: Random, otherwise: NodeId | undefined): NodeId | undefined;
}

/** What is to happen later to a fault that struck: after this time it is asked to end, with these two numbers. */
export interface Later {
  readonly after: number;
  readonly subject: number;
  readonly number: number;
}

/** How a fault strikes by itself. */
export interface Strike<Name extends string> {
  /** The name of its stream. */
  readonly stream: string;
  /** The mean time between two strikes. */
  readonly every: Name;
  /** Strikes, as far as it is possible; every strike draws the same number of times, whatever comes of it. */
  begin(striker: Striker, random: Random, p: Values<Name>): Later | undefined;
}

/** How a campaign draws it for a plan that has it; the numbers are drawn also if the plan does not. */
export interface CampaignDraw<Drawn extends string> {
  /** The name of its stream. */
  readonly stream: string;
  /** How many plans have it, in parts per million. */
  readonly odds: number;
  draw(random: Random, nodes: number): Values<Drawn>;
}

export interface Fault<Name extends string, Other extends string, Drawn extends string> {
  /** What happens; left out where the parameter that switches it on says so. */
  readonly meaning?: string;
  /** Its rows of the table of parameters. */
  readonly parameters: { readonly [name in Name]: Parameter };
  /** 0 in a calm world; anything else switches the fault on. */
  readonly switch: NoInfer<Name>;
  /** Parameters of others that shape it as well. */
  readonly shapedBy: readonly Other[];
  /** The steps that it takes. */
  readonly steps: readonly StepKind[];
  /** Its values where they are not those of a calm world; `chaos` has those of the others where it says nothing. */
  readonly profiles: { readonly [profile in FaultProfile]?: Partial<Values<NoInfer<Name>>> };
  readonly campaign?: CampaignDraw<Drawn>;
  readonly strike?: Strike<NoInfer<Name>>;
  /** The name of the stream of a fault that strikes crashed processes, if it draws anything. */
  readonly stream?: string;
  /** Strikes a process that just crashed, if it may strike once more; `before`: how often it did so far. */
  onCrash?(host: Host, p: Values<NoInfer<Name>>, before: number, world: World): Later | undefined;
  /** What was to happen later, unless it has lost its meaning; it may put itself off once more. */
  end?(striker: Striker, subject: number, number: number, random: Random | undefined): Later | undefined | void;
  /** What mends a process of which this is still broken when all faults end. */
  mend?(striker: Striker, host: Host): (() => void) | undefined;
}

/** A row of the table. */
export const fault = <
  const Name extends string,
  const Other extends string = never,
  const Drawn extends string = never,
>(
  row: Fault<Name, Other, Drawn>,
): Fault<Name, Other, Drawn> => row;

/** Evenly from half to one and a half of a mean. */
export function around(random: Random, mean: number): number {
  const half = Math.floor(mean / 2);
  return random.between(mean - half, mean + half);
}

/** A whole number in a range, each doubling as likely as the others. */
export function between(random: Random, low: number, high: number): number {
  const doublings = 31 - Math.clz32(Math.floor(high / low));
  const from = low * (1 << random.between(0, doublings));
  return random.between(from, Math.min(2 * from, high));
}
