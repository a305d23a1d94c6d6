// Steps of one process: its timers, its writes, its life and its clock.
//
// Only a process that is up takes part; one that is paused can crash, one that is down can restart.

import { logIndex, nodeName } from '../../base/ids.ts';
import { Timer, type TimerName } from '../../protocol/timers.ts';
import type { Host } from '../host.ts';
import type { StepOf } from '../step.ts';
import { always, crashAfter, notUp, type StepActions, type StepContext } from './action.ts';

type ProcessKind =
  | 'timer'
  | 'durable'
  | 'write-failed'
  | 'crash'
  | 'wipe'
  | 'damage'
  | 'restart'
  | 'pause'
  | 'resume'
  | 'clock'
  | 'transfer'
  | 'compact';

const hostOf = ({ world }: StepContext, { node }: StepOf<ProcessKind>): Host => world.host(node);

const notDown = ({ id, status }: Host): string | undefined =>
  status === 'down' ? undefined : `${nodeName(id)} is not down`;

function noWrite(context: StepContext, step: StepOf<'durable' | 'write-failed'>): string | undefined {
  const host = hostOf(context, step);
  return notUp(host) ?? (host.disk.cachedWrites === 0 ? `${nodeName(host.id)} has no write on its way` : undefined);
}

/** Why a process has nothing to take a snapshot of. */
export function noSnapshot(host: Host): string | undefined {
  const why = notUp(host);
  if (why !== undefined) return why;
  const name = nodeName(host.id);
  if (host.process.compact === undefined) return `${name} takes no snapshots`;
  const { snapshot, commitIndex } = host.process.probe;
  const { lastApplied } = host.process;
  if (lastApplied <= (snapshot?.lastIndex ?? 0)) return `${name} has executed nothing since its last snapshot`;
  return lastApplied <= commitIndex ? undefined : `${name} does not know yet that what it has executed is committed`;
}

/** Whether a timer of a server that is up may run out: a server that counts its own time can be told so. */
export function mayExpire(host: Host, timer: TimerName): boolean {
  if (host.armed(Timer[timer])) return true;
  const { status, process: server } = host;
  if (server.canHurry !== true || status !== 'up') return false;
  const { role } = server.probe;
  return (timer === 'election' && role !== 'leader') || (timer === 'heartbeat' && role === 'leader');
}

export const processSteps: StepActions<ProcessKind> = {
  timer: {
    whyNot(context, step) {
      const host = hostOf(context, step);
      if (mayExpire(host, step.timer)) return notUp(host);
      return notUp(host) ?? `${nodeName(host.id)} has no ${step.timer} timer`;
    },
    take(context, step) {
      crashAfter(hostOf(context, step), step.effects);
      context.world.fireTimer(hostOf(context, step), Timer[step.timer]);
    },
  },
  durable: {
    whyNot: noWrite,
    take(context, step) {
      crashAfter(hostOf(context, step), step.effects);
      context.world.completeWrite(hostOf(context, step));
    },
  },
  'write-failed': {
    whyNot: noWrite,
    take: (context, step) => context.world.failWrite(hostOf(context, step), step.error, step.kept),
  },
  crash: {
    whyNot(context, step) {
      const host = hostOf(context, step);
      return host.status === 'down' ? notUp(host) : undefined;
    },
    take: (context, step) => context.world.crash(hostOf(context, step), step.kept, step.torn),
  },
  wipe: {
    whyNot: (context, step) => notDown(hostOf(context, step)),
    take: (context, step) => context.world.wipe(hostOf(context, step)),
  },
  damage: {
    whyNot(context, step) {
      const host = hostOf(context, step);
      const { id, disk } = host;
      if (host.status !== 'down') return notDown(host);
      if (disk.isWiped) return `${nodeName(id)} has an empty disk`;
      return step.record <= disk.lastIndex ? undefined : `${nodeName(id)} has ${disk.lastIndex} entries on its disk`;
    },
    take: (context, step) => context.world.damage(hostOf(context, step), logIndex(step.record), step.how),
  },
  restart: {
    whyNot: (context, step) => notDown(hostOf(context, step)),
    take: (context, step) => context.world.restart(hostOf(context, step)),
  },
  pause: {
    whyNot: (context, step) => notUp(hostOf(context, step)),
    take: (context, step) => context.world.pause(hostOf(context, step)),
  },
  resume: {
    whyNot(context, step) {
      const { id, status } = hostOf(context, step);
      return status === 'paused' ? undefined : `${nodeName(id)} is not paused`;
    },
    take: (context, step) => context.world.resume(hostOf(context, step)),
  },
  clock: {
    whyNot: always,
    take: (context, step) => context.world.setClock(hostOf(context, step), step.ratePpm, step.jump),
  },
  transfer: {
    whyNot: (context, step) => notUp(hostOf(context, step)),
    take(context, step) {
      crashAfter(hostOf(context, step), step.effects);
      context.world.transfer(hostOf(context, step), context.world.host(step.target).id);
    },
  },
  compact: {
    whyNot: (context, step) => noSnapshot(hostOf(context, step)),
    take(context, step) {
      crashAfter(hostOf(context, step), step.effects);
      context.world.compact(hostOf(context, step));
    },
  },
};
