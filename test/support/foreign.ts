// A run of processes that a plan cannot name: our node with other rules, or behind a wrapper that spoils it.

import { nodeId, type NodeId } from '../../src/base/ids.ts';
import { Random } from '../../src/base/random.ts';
import { freshGhost, Monitor } from '../../src/check/monitor.ts';
import type { Message } from '../../src/protocol/message.ts';
import { Outbox } from '../../src/protocol/outbox.ts';
import type { Timer } from '../../src/protocol/timers.ts';
import { initialConfiguration, NO_CONFIGURATION } from '../../src/protocol/configuration.ts';
import type { Handlers } from '../../src/raft/state.ts';
import { paperHandlers } from '../../src/raft/handlers.ts';
import { defaultNodeOptions, type NodeOptions } from '../../src/raft/options.ts';
import { paperRules, type Rules } from '../../src/raft/rules.ts';
import { propertyTable, type PropertyName } from '../../src/run/properties.ts';
import type { Violation } from '../../src/sim/observer.ts';
import type { Parameters } from '../../src/sim/parameters.ts';
import type { Process } from '../../src/sim/process.ts';
import { profileParameters, type ProfileName } from '../../src/sim/faults/profile.ts';
import { Bounds } from '../../src/sim/bounds.ts';
import { TimedScheduler } from '../../src/sim/schedule/timed.ts';
import { World } from '../../src/sim/world.ts';
import { exactlyOnce, type SessionRules } from '../../src/systems/in-process/key-value-machine.ts';
import { RaftProcess } from '../../src/systems/in-process/raft-process.ts';

export interface ForeignRun {
  readonly seed: string;
  readonly nodes?: number;
  readonly spares?: number;
  readonly profile?: ProfileName;
  readonly parameters?: Partial<Parameters>;
  readonly options?: Partial<NodeOptions>;
  readonly rules?: Partial<Rules>;
  /** Handlers around, or instead of, the paper's. */
  readonly handlers?: (paper: Handlers) => Partial<Handlers>;
  readonly sessions?: Partial<SessionRules>;
  /** Spoils a sound process. */
  readonly wrap?: (process: Process, id: NodeId) => Process;
  readonly property: PropertyName;
  readonly seconds?: number;
}

/** The first violation of the one property that is checked. */
export function foreignViolation(run: ForeignRun): Violation | undefined {
  const { seed, nodes = 5, spares = 0, profile = 'chaos', property: name, seconds = 20 } = run;
  const parameters = { ...profileParameters(profile), ...run.parameters };
  const options = { ...defaultNodeOptions, ...run.options };
  const handlers = { ...paperHandlers, ...run.handlers?.(paperHandlers) };
  const behaviour = { options, rules: { ...paperRules, ...run.rules }, handlers };
  const sessions = { ...exactlyOnce, ...run.sessions };
  const members = { configuration: initialConfiguration(nodes - spares), behaviour, sessions };
  const strangers = { configuration: NO_CONFIGURATION, behaviour, sessions };
  const processes = Array.from({ length: nodes }, (_, i) => {
    const recipe = i < nodes - spares ? members : strangers;
    const sound = new RaftProcess(nodeId(i), recipe);
    return run.wrap?.(sound, nodeId(i)) ?? sound;
  });
  const world = new World(processes, spares);
  const ghost = freshGhost(nodes);
  const property = propertyTable[name].make(ghost, world, { parameters, node: options });
  world.useWitnesses(new Monitor(ghost, [property], world.hosts), undefined);
  property.begin?.(world);
  const until = seconds * 1_000_000;
  const limits = { until, stepsMax: Infinity, faultsUntil: until - parameters.settle, faultStepsMax: Infinity };
  const scheduler = new TimedScheduler(world, parameters, limits, Random.fromSeed(seed));
  world.useScheduler(scheduler);
  while (world.violation === undefined && world.next());
  if (world.violation !== undefined) return world.violation;
  const judgement = property.finish?.(world, new Bounds(world, scheduler).look());
  return judgement?.outcome === 'fail' ? { property: name, why: judgement.why } : undefined;
}

/** What comes in through a door, as far as spoilers tell doors apart. */
export interface Entered {
  readonly message?: Message;
  readonly timer?: Timer;
}

/** Stands around every door through which something happens to a running server. */
export function aroundDoors(sound: Process, around: (enter: () => Outbox, entered: Entered) => Outbox): Process {
  return spoiled(sound, {
    receive: (message) => around(() => sound.receive(message), { message }),
    timeout: (timer) => around(() => sound.timeout(timer), { timer }),
    writeCompleted: (ticket) => around(() => sound.writeCompleted(ticket), {}),
    writeFailed: (ticket) => around(() => sound.writeFailed(ticket), {}),
    transfer: (target) => around(() => sound.transfer(target), {}),
  });
}

/** A process that does everything as the sound one does, but for what is replaced. */
export function spoiled(sound: Process, replaced: Partial<Process>): Process {
  const process: Process = {
    get probe() {
      return sound.probe;
    },
    get lastApplied() {
      return sound.lastApplied;
    },
    start: (recovered) => sound.start(recovered),
    stop: () => {
      sound.stop();
    },
    receive: (message) => sound.receive(message),
    timeout: (timer) => sound.timeout(timer),
    writeCompleted: (ticket) => sound.writeCompleted(ticket),
    writeFailed: (ticket) => sound.writeFailed(ticket),
    transfer: (target) => sound.transfer(target),
    changeMembers: (change) => sound.changeMembers?.(change) ?? new Outbox(),
    call: (call) => sound.call(call),
    apply: (index) => sound.apply(index),
    accept: (request, index, at) => {
      sound.accept(request, index, at);
    },
    refuse: (request, leader) => sound.refuse(request, leader),
    serve: (request, index) => sound.serve(request, index),
  };
  // A spread would read what is replaced by a getter once and for all.
  return Object.defineProperties(process, Object.getOwnPropertyDescriptors(replaced));
}
