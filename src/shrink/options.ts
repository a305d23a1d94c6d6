// What could be done next at some point of a schedule: every message on its way, every timer, crashes, calls.
//
// The shrinker looks here for other ways to the same failure. Only what a reader would call one step is offered, and
// none of it depends on a random draw.

import { mayExpire } from '../sim/steps/processes.ts';
import { clientId, type NodeId } from '../base/ids.ts';
import { isVoter, type MembershipChange } from '../protocol/configuration.ts';
import { Timer, timerNames, timers, type TimerName } from '../protocol/timers.ts';
import type { Move } from './moves.ts';
import { trialOf, type Trial } from './trial.ts';
import type { Host } from '../sim/host.ts';
import type { Environment } from './environment.ts';

export interface Outlook {
  /** The property that is violated already. */
  readonly broken: string | undefined;
  readonly options: readonly Move[];
}

/** Names for new moves, unlike all others. */
export interface Fresh {
  id(): number;
  /** The number of a client that neither these moves nor the schedule that they belong to have used. */
  client(moves: readonly Move[]): number;
}

/** The moves that are possible after some others. */
export function optionsAt(environment: Environment, moves: readonly Move[], fresh: Fresh): Outlook {
  const trial = trialOf(environment, moves);
  return { broken: trial.broken, options: optionsOf(trial, moves, fresh) };
}

/** The moves that are possible where a trial is after these moves. */
export function optionsOf(trial: Trial, moves: readonly Move[], fresh: Fresh): Move[] {
  const { world } = trial;
  const options: Move[] = [];
  const seen = new Set<string>();
  for (const { found, origin } of trial.inFlight()) {
    const { message } = found;
    const name = `${message.from} ${message.to} ${message.kind} ${origin}`;
    if (seen.has(name) || world.host(message.to).status !== 'up') continue;
    seen.add(name);
    options.push({ act: 'deliver', id: fresh.id(), message, origin });
    options.push({ act: 'duplicate', id: fresh.id(), message, origin });
  }
  for (const host of world.hosts) {
    const node = host.id;
    if (host.status !== 'up') {
      options.push({ act: 'restart', id: fresh.id(), node });
      continue;
    }
    for (const timer of timers) {
      const name = timerNames[timer] as TimerName;
      const isTold = timer === Timer.tick && host.process.canHurry === true;
      if (!isTold && mayExpire(host, name)) options.push({ act: 'timer', id: fresh.id(), node, timer: name });
    }
    if (host.disk.cachedWrites > 0) {
      options.push({ act: 'durable', id: fresh.id(), node });
      options.push({ act: 'crash', id: fresh.id(), node, kept: 0, torn: false });
    }
    options.push({ act: 'crash', id: fresh.id(), node, kept: Infinity, torn: false });
    if (host.process.probe.role !== 'leader') continue;
    options.push(...changesAt(trial, host, fresh));
    const operation = { kind: 'put', key: 'x', value: '1' } as const;
    options.push({ act: 'call', id: fresh.id(), node, client: clientId(fresh.client(moves)), sequence: 1, operation });
  }
  return options;
}

/** One voter more or less, where servers may join and leave. */
function changesAt({ world, simulation: { plan } }: Trial, { id: node, process: server }: Host, fresh: Fresh): Move[] {
  if (plan.node.membership === 'off') return [];
  const { configuration } = server.probe;
  return world.hosts.map(({ id }) => {
    const change = isVoter(configuration, id) ? only([], [id]) : only([id], []);
    return { act: 'change-members', id: fresh.id(), node, change };
  });
}

const only = (voters: readonly NodeId[], removed: readonly NodeId[]): MembershipChange => ({
  voters,
  learners: [],
  removed,
});
