// Conditions about what nobody outside of a server sees: what stands on its disk while it runs, which of its timers
// are armed, what a leader believes of those that follow it, and where a call stands in its log.
//
// They only look, as all conditions do.

import * as z from 'zod';
import { logIndex, NOBODY, nodeName } from '../../base/ids.ts';
import { Timer, timerNames } from '../../protocol/timers.ts';
import type { Host } from '../../sim/host.ts';
import type { FollowerView } from '../../sim/process.ts';
import { amountText, logText, parseAmount, parseLog } from '../syntax/grammar.ts';
import { amount, log, selector } from '../syntax/values.ts';
import { asList, checkKeys, conditionRow, eachNode, fails, perNode, unless, type Mismatch } from './condition.ts';
import { placeOf } from './facts.ts';
import { within } from './numbers.ts';
import { leaderOf } from './selector.ts';

const modes = z.enum(['probe', 'replicate', 'snapshot', 'none']);

const follower = z.union([
  modes,
  z.strictObject({
    mode: modes.optional().describe('what it is sent: probes, entries ahead of answers, a snapshot, or nothing'),
    match: amount.optional().describe('the highest entry that the leader knows to be durable there'),
    next: amount.optional().describe('the next entry that it is sent'),
    inflight: amount.optional().describe('how many requests with entries are out'),
    active: z.boolean().optional().describe('it answered since the leader last looked for a quorum of answers'),
  }),
]);

type Part = readonly [what: string, isSo: boolean, wanted: string, found: string];

/** Says of all parts that are not so what they are. */
function told(parts: readonly Part[]): { isSo: boolean; expected: string; found: string } {
  const wrong = parts.filter(([, isSo]) => !isSo);
  const text = (at: 2 | 3): string => wrong.map((part) => `${part[0]} ${part[at]}`).join(', ');
  return { isSo: wrong.length === 0, expected: text(2), found: text(3) };
}

const number = (what: string, wanted: string | number | undefined, found: number | undefined): Part[] =>
  wanted === undefined
    ? []
    : [[what, found !== undefined && within(wanted, found), amountText(parseAmount(wanted)), String(found)]];

function followerParts(wanted: z.infer<typeof follower>, view: FollowerView | undefined): Part[] {
  const { mode, match, next, inflight, active } = typeof wanted === 'string' ? { mode: wanted } : wanted;
  const isSent = view?.mode ?? 'none';
  return [
    ...(mode === undefined ? [] : [['is sent:', isSent === mode, mode, isSent] as const]),
    ...number('match index', match, view?.matchIndex),
    ...number('next index', next, view?.nextIndex),
    ...number('in flight', inflight, view?.inflight?.length),
    ...(active === undefined
      ? []
      : [['active', view?.isActive === active, String(active), String(view?.isActive)] as const]),
  ];
}

const disk = z.union([
  log,
  z.strictObject({
    log: log.optional(),
    term: amount.optional(),
    vote: z.union([z.literal('nobody'), selector]).optional(),
    snapshot: amount.optional().describe('the last entry that the snapshot stands for; 0 without one'),
    writes: amount.optional().describe('how many writes are on their way to it'),
  }),
]);

/** The terms of the entries that are durable. */
function logOnDisk({ disk: found }: Host): string {
  const terms: number[] = [];
  for (let i = found.base + 1; i <= found.lastIndex; i++) terms.push(Number(found.termAt(logIndex(i))));
  return logText(terms);
}

const armedAt = (host: Host): string[] => timerNames.filter((name) => host.armed(Timer[name]));

export const insideConditions = {
  progress: conditionRow({
    schema: perNode(follower),
    meaning:
      'What the leader of the newest term believes of nodes: what it sends them (probes, entries ahead of answers, a ' +
      'snapshot, or nothing), and how far they are.',
    example: '{ n2: { mode: replicate, match: 2, next: 3 } }',
    checkNames: checkKeys,
    check: (value, context) =>
      eachNode(value, context, (host, wanted) =>
        told(followerParts(wanted, leaderOf(context.world)?.process.probe.followerOf(host.id))),
      ),
  }),
  disk: conditionRow({
    schema: perNode(disk),
    meaning:
      'What stands on the disks of nodes, whether they run or not: ' +
      'the log without what a snapshot replaced, term, vote.',
    example: '{ n1: { log: 1 1, term: 1, vote: n1, writes: 0 } }',
    checkNames(names, value, path) {
      checkKeys(names, value, path);
      for (const [key, wanted] of Object.entries(value)) {
        if (typeof wanted !== 'object' || wanted.vote === undefined || wanted.vote === 'nobody') continue;
        names.nodes(wanted.vote, [...path, key, 'vote']);
      }
    },
    check: (value, context) =>
      eachNode(value, context, (host, written) => {
        const wanted = typeof written === 'object' ? written : { log: written };
        const { hardState, snapshot, cachedWrites } = host.disk;
        const parts: Part[] = [];
        if (wanted.log !== undefined) {
          const [text, found] = [logText(parseLog(String(wanted.log))), logOnDisk(host)];
          parts.push(['has the log on its disk:', text === found, text, found]);
        }
        if (wanted.vote !== undefined) {
          const isSo =
            wanted.vote === 'nobody'
              ? hardState.votedFor === NOBODY
              : context.nodesOf(wanted.vote).includes(hardState.votedFor);
          parts.push(['has the vote on its disk for', isSo, wanted.vote, nodeName(hardState.votedFor)]);
        }
        parts.push(
          ...number('has on its disk term', wanted.term, hardState.term),
          ...number('has on its disk a snapshot up to', wanted.snapshot, snapshot?.lastIndex ?? 0),
          ...number('writes on their way:', wanted.writes, cachedWrites),
        );
        return told(parts);
      }),
  }),
  timers: conditionRow({
    schema: perNode(z.union([z.literal('none'), z.enum(timerNames), z.array(z.enum(timerNames))])),
    meaning: 'The timers that are armed at nodes, and no others.',
    example: '{ n1: heartbeat, n2: election }',
    checkNames: checkKeys,
    check: (value, context) =>
      eachNode(value, context, (host, wanted) => {
        const names = wanted === 'none' ? [] : asList(wanted);
        const found = armedAt(host);
        return {
          isSo: names.length === found.length && found.every((name) => (names as readonly string[]).includes(name)),
          expected: `timers: ${names.join(', ') || 'none'}`,
          found: `timers: ${found.join(', ') || 'none'}`,
        };
      }),
  }),
  index: conditionRow({
    schema: z.record(z.string(), z.union([amount, perNode(amount)])),
    meaning: 'Where a call stands in the logs of the nodes that hold it, or in that of each; `none`: it does not.',
    example: '{ my call: 2 }',
    checkNames(names, value, path) {
      for (const [called, wanted] of Object.entries(value)) {
        names.known('call', called, [...path, called], 'key');
        checkKeys(names, wanted, [...path, called]);
      }
    },
    check: (value, context) =>
      Object.entries(value).flatMap(([called, wanted]): Mismatch[] => {
        const call = context.call(called);
        if (call === undefined) return fails(`${called} to be a call`, 'no step gave a call this name', [called]);
        const look = (host: Host, one: string | number) =>
          told(number(`has ${called} at index`, one, placeOf(host, call)));
        if (typeof wanted === 'object') {
          return eachNode(wanted, context, look).map((one) => ({ ...one, path: [called, ...one.path] }));
        }
        const places = new Set(context.world.hosts.map((host) => placeOf(host, call)).filter((place) => place > 0));
        const found = places.size === 0 ? [0] : Array.from(places);
        return unless(
          found.every((place) => within(wanted, place)),
          `${called} at index ${amountText(parseAmount(wanted))}`,
          `${called} at index ${found.join(' and ')}`,
          [called],
        );
      }),
  }),
} as const;
