// What a step of a scenario can be: the one table behind schema, docs, and the check that every verb is played.
//
// A step is a mapping with one verb; a few words may stand beside it (`as`, `at`, `effects`, `do`). Each example is
// run by a test, behind its own `before` and the elections of `exampleStart`.

import { z } from 'zod';
import { UsageError } from '../../base/errors.ts';
import { parseDuration, parseOdds } from '../../run/quantity.ts';
import { conditionShape } from '../conditions/conditions.ts';
import { command, duration, link, name, nodes, odds, oneOrMore, read, selector, whole } from '../syntax/values.ts';
import { verbRow } from './verb.ts';
import { patterns, windowFields } from '../schema/window.ts';

const signed = (parse: (text: string) => number) =>
  z.string().superRefine(
    read((text: string) => {
      if (!/^[+-]/.test(text)) throw new UsageError(`${JSON.stringify(text)} has no sign, expected + or - in front`);
      return parse(text.slice(1));
    }),
  );

const client = whole(1, 100_000);
const session = client.optional().describe('a session by its number; a fresh one if it is left out');
const called = client.describe('the number of the session');
const target = selector.optional().describe('whom the client asks; the leader if it is left out');
const faultNumber = whole(1, 1_000_000_000).describe('the number of the fault, which a trace shows');
const fault = faultNumber.optional();

export const verbTable = {
  run: verbRow({
    group: 'time',
    schema: z.union([duration, z.strictObject({ for: duration, ...windowFields })]),
    main: 'for',
    meaning: 'Lets time run: timers fire, messages arrive, disks write, clients call.',
    example: '- run: { for: 500ms, faults: lossy }',
  }),
  until: verbRow({
    group: 'time',
    schema: z.strictObject({ ...conditionShape, within: duration, ...windowFields }),
    as: 'nodes',
    meaning: 'Lets time run until the conditions hold; it is a failure if they do not within the limit.',
    example: '- until: { leader: n2, within: 5s }',
    before: '- timeout: n2',
  }),
  settle: verbRow({
    group: 'time',
    schema: z.union([z.literal(true), duration]),
    meaning: 'Ends all faults, restarts what is down, and lets time run for as long as a cluster may take to recover.',
    example: '- settle: 6s',
    before: '- isolate: n1',
    alone: true,
  }),
  calm: verbRow({
    group: 'time',
    schema: z.literal(true),
    meaning: 'Says that the faults are over: what bounded liveness counts from. Mends nothing.',
    example: '- calm',
    alone: true,
  }),

  deliver: verbRow({
    group: 'messages',
    schema: patterns,
    meaning: 'Delivers the oldest message that matches, or all that do.',
    example: '- deliver: n1 -> n2 AppendEntries',
    before: '- heartbeat: n1',
  }),
  drop: verbRow({
    group: 'messages',
    schema: patterns,
    meaning: 'Loses the oldest message that matches, or all that do.',
    example: '- drop: { from: leader, kind: Heartbeat, all: true }',
    before: '- heartbeat: n1',
  }),
  duplicate: verbRow({
    group: 'messages',
    schema: patterns,
    meaning: 'Puts a second copy of a message on its way.',
    example: '- duplicate: n1 -> n3',
    before: '- heartbeat: n1',
  }),
  hold: verbRow({
    group: 'messages',
    schema: patterns,
    meaning: 'Keeps messages on their way back while time runs, until they are released or delivered.',
    example: '- hold: { from: n1, all: true }',
    before: '- heartbeat: n1',
  }),
  release: verbRow({
    group: 'messages',
    schema: patterns,
    meaning: 'Lets held messages go on their way.',
    example: '- release: all',
    before: '- heartbeat: n1\n- hold: n1 ->',
  }),
  exchange: verbRow({
    group: 'messages',
    schema: nodes,
    meaning: 'Delivers messages among these nodes, oldest first, until none is left; no timer fires.',
    example: '- exchange: [n1, n2, n3]',
    before: '- heartbeat: n1',
    alone: 'all',
  }),

  timeout: verbRow({
    group: 'timers and disks',
    schema: nodes,
    as: 'nodes',
    meaning: 'The election timer of a node fires: it stands for election.',
    example: '- timeout: n2',
  }),
  heartbeat: verbRow({
    group: 'timers and disks',
    schema: nodes,
    as: 'nodes',
    meaning: 'The heartbeat timer of a leader fires.',
    example: '- heartbeat: leader',
  }),
  persist: verbRow({
    group: 'timers and disks',
    schema: z.union([
      nodes,
      z.strictObject({
        node: nodes,
        writes: z
          .union([z.literal('all'), whole(1, 1_000_000)])
          .optional()
          .describe('how many, or all (default: 1)'),
      }),
    ]),
    main: 'node',
    byHand: 'writes',
    meaning: 'The oldest write of a node, or several, become durable; for clusters whose writes are done by hand.',
    example: '- persist: { node: n2, writes: all }',
  }),
  'fail write': verbRow({
    group: 'timers and disks',
    schema: z.union([
      nodes,
      z.strictObject({
        node: nodes,
        error: z.enum(['write', 'sync']).optional().describe('write (default) or sync: which of the two fails'),
        kept: whole(0, 1_000_000)
          .optional()
          .describe('how many cached writes reach the disk all the same (default: 0)'),
      }),
    ]),
    main: 'node',
    byHand: 'writes',
    meaning: 'The oldest write of a node fails, and the node stops; for clusters whose writes are done by hand.',
    example: '- fail write: n2',
  }),

  crash: verbRow({
    group: 'processes',
    schema: z.union([
      nodes,
      z.strictObject({
        node: nodes,
        keep: z
          .union([z.enum(['all', 'none']), whole(0, 1_000_000)])
          .optional()
          .describe('how many of the writes that are not synced survive (default: all)'),
        torn: z.boolean().optional().describe('the first write that is lost leaves a torn piece'),
      }),
    ]),
    main: 'node',
    as: 'nodes',
    meaning: 'A node stops; its disk stays, what was not synced may go.',
    example: '- crash: { node: leader, keep: none }',
  }),
  restart: verbRow({
    group: 'processes',
    schema: nodes,
    as: 'nodes',
    meaning: 'A crashed node starts anew from its disk.',
    example: '- restart: n2',
    before: '- crash: n2',
  }),
  pause: verbRow({
    group: 'processes',
    schema: nodes,
    as: 'nodes',
    meaning: 'A node stands still and keeps its memory; messages to it stay on their way.',
    example: '- pause: leader',
  }),
  resume: verbRow({
    group: 'processes',
    schema: nodes,
    as: 'nodes',
    meaning: 'A paused node goes on; what came for it while time ran arrives as soon as time runs again.',
    example: '- resume: paused',
    before: '- pause: n2',
  }),
  wipe: verbRow({
    group: 'processes',
    schema: nodes,
    as: 'nodes',
    meaning: 'Empties the disk of a crashed node, which then stays away for good.',
    example: '- wipe: n2',
    before: '- crash: n2',
  }),
  clock: verbRow({
    group: 'processes',
    schema: z.strictObject({
      node: nodes,
      rate: signed((text) => parseOdds('the rate', text))
        .optional()
        .describe('how much faster than true it runs, such as +20% or -300ppm (default: +0%)'),
      jump: signed((text) => parseDuration('the jump', text))
        .optional()
        .describe('how far it jumps, such as +200ms or -1s (default: not)'),
    }),
    meaning: 'Changes the clock of a node: its rate, and a jump.',
    example: '- clock: { node: n1, rate: +20%, jump: -100ms }',
  }),

  cut: verbRow({
    group: 'links',
    schema: z.union([
      oneOrMore(link),
      z.strictObject({
        links: oneOrMore(link),
        shape: z.string().max(100).optional().describe('what a trace calls it (default: cut)'),
        fault,
      }),
    ]),
    main: 'links',
    as: 'fault',
    meaning: 'Cuts links, one way or both ways, until they are healed.',
    example: '- cut: leader -> n2',
  }),
  isolate: verbRow({
    group: 'links',
    schema: nodes,
    as: 'fault',
    meaning: 'Cuts each of these nodes off from everybody else.',
    example: '- { isolate: leader, as: old }',
  }),
  deafen: verbRow({
    group: 'links',
    schema: nodes,
    as: 'fault',
    meaning: 'These nodes hear nobody, but are heard.',
    example: '- deafen: n2',
  }),
  mute: verbRow({
    group: 'links',
    schema: nodes,
    as: 'fault',
    meaning: 'These nodes are heard by nobody, but hear.',
    example: '- mute: leader',
  }),
  split: verbRow({
    group: 'links',
    schema: z.union([z.array(nodes).min(1), z.record(name, nodes)]),
    as: 'fault',
    meaning: 'Splits the cluster into groups, by name or as a list of lists; who is in none forms one more.',
    example: '- split: { left: [leader, n2], right: [n3, n4, n5] }',
  }),
  bridge: verbRow({
    group: 'links',
    schema: selector,
    as: 'fault',
    meaning: 'Two halves that meet in this node only.',
    example: '- bridge: n3',
  }),
  ring: verbRow({
    group: 'links',
    schema: nodes,
    as: 'fault',
    meaning: 'Each node reaches only its two neighbours in this order.',
    example: '- ring: all',
  }),
  chain: verbRow({
    group: 'links',
    schema: nodes,
    as: 'fault',
    meaning: 'The nodes stand in a line in this order; each reaches only its neighbours.',
    example: '- chain: [n1, n2, n3, n4, n5]',
  }),
  star: verbRow({
    group: 'links',
    schema: selector,
    as: 'fault',
    meaning: 'Everybody reaches this node, and only this node.',
    example: '- star: n1',
  }),
  slow: verbRow({
    group: 'links',
    schema: z.strictObject({
      links: oneOrMore(link),
      factor: whole(1, 1_000_000).describe('so many times longer'),
      fault,
    }),
    as: 'fault',
    meaning: 'Messages of these links take so many times longer, until they are healed.',
    example: '- slow: { links: n1 <-> n2, factor: 30 }',
  }),
  heal: verbRow({
    group: 'links',
    schema: z.union([selector, z.strictObject({ fault: faultNumber })]),
    meaning: 'Heals all links, or one fault of links by the name that `as` gave it.',
    example: '- heal: storm',
    before: '- { isolate: n1, as: storm }',
    alone: 'all',
  }),

  propose: verbRow({
    group: 'clients',
    schema: z.union([
      command,
      z.strictObject({
        command: command.optional().describe('a put of a key of its own if it is left out'),
        to: target,
        client: session,
        times: whole(1, 100_000).optional().describe('so many calls, each of a fresh client'),
      }),
    ]),
    main: 'command',
    as: 'call',
    meaning: 'A client sends a command to the leader, or to whom it believes to lead.',
    example: '- { propose: put x 2, as: my write }',
  }),
  read: verbRow({
    group: 'clients',
    schema: z.union([
      z.string().min(1).max(200),
      z.strictObject({ key: z.string().min(1).max(200).describe('the key that is read'), to: target, client: session }),
    ]),
    main: 'key',
    as: 'call',
    meaning: 'A client reads a key, through the log.',
    example: '- { read: x, as: my read }',
  }),
  retry: verbRow({
    group: 'clients',
    schema: z.union([name, z.strictObject({ call: name.describe('the name that `as` gave the call'), to: target })]),
    main: 'call',
    as: 'call',
    meaning: 'A client sends a call again: the same session and number, here or elsewhere.',
    example: '- retry: { call: my call, to: n2 }',
  }),
  agree: verbRow({
    group: 'clients',
    schema: z.union([
      nodes,
      z.strictObject({
        on: nodes.optional().describe('who must have executed it (default: up)'),
        command: command.optional().describe('a put of a key of its own if it is left out'),
        client: session,
        within: duration.optional().describe('how long it may take (default: 10s)'),
      }),
    ]),
    main: 'on',
    as: 'call',
    meaning: 'A client gets a command executed on these nodes, asking whoever leads, again and again.',
    example: '- { agree: all, as: done }',
    alone: 'up',
  }),
  call: verbRow({
    group: 'clients',
    schema: z.strictObject({
      client: called,
      sequence: whole(1, 1_000_000_000).describe('the number of the call in its session'),
      to: selector,
      command,
    }),
    as: 'call',
    meaning: 'A call in full, as a trace has it.',
    example: '- call: { client: 7, sequence: 1, to: n1, command: get x }',
  }),
  answer: verbRow({
    group: 'clients',
    schema: z.strictObject({
      client: called,
      number: whole(1, 1_000_000_000).describe('the first, second… answer that was given to this session'),
      lost: z.boolean().optional().describe('it never arrives'),
    }),
    byHand: 'answers',
    meaning: 'An answer arrives at its client, or is lost; for clusters whose answers are given by hand.',
    example: '- answer: { client: 1, number: 1 }',
  }),

  repeat: verbRow({
    group: 'story',
    schema: whole(1, 100_000),
    meaning: 'Takes the steps of `do` so many times.',
    example: '- repeat: 3\n  do: [{ propose: put x 1 }, exchange]',
  }),
  'for each': verbRow({
    group: 'story',
    schema: nodes,
    as: 'nodes',
    meaning: 'Takes the steps of `do` once for each of these nodes, which `as` names (default: node).',
    example: '- for each: followers\n  do: [{ crash: node }, { restart: node }]',
  }),
  maybe: verbRow({
    group: 'story',
    schema: odds,
    meaning: 'Takes the steps of `do` with this probability, drawn from the seed.',
    example: '- maybe: 50%\n  do: [{ crash: n2 }]',
  }),
  let: verbRow({
    group: 'story',
    schema: z.record(name, nodes),
    meaning: 'Gives names to the nodes that are meant now.',
    example: '- let: { old: leader, rest: followers }',
  }),
  mark: verbRow({
    group: 'story',
    schema: name,
    meaning: 'A point in the story from which messages can be counted.',
    example: '- mark: before',
  }),
  show: verbRow({
    group: 'story',
    schema: nodes,
    meaning: 'Shows these nodes at this point, where one file is run, or with --show.',
    example: '- show: all',
    alone: 'all',
  }),
  expect: verbRow({
    group: 'story',
    schema: z.strictObject(conditionShape),
    as: 'nodes',
    meaning: 'What must be so at this point.',
    example: '- expect: { leader: n1, term: 1 }',
  }),
} as const;

export type VerbName = keyof typeof verbTable;

export const verbNames: readonly VerbName[] = Object.keys(verbTable) as VerbName[];

export type VerbValue<Name extends VerbName> = z.infer<(typeof verbTable)[Name]['schema']>;

/** What stands before every example: five nodes, n1 leads in term 1 and has committed one entry. */
export const exampleStart = '- timeout: n1\n- exchange\n- { propose: put x 1, as: my call }\n- exchange';

export const modifierFields = {
  as: name.optional().describe('names what the step is about: nodes, a call, a fault of links'),
  at: duration.optional().describe('the virtual time of the step, if it is later than now'),
  optional: z.boolean().optional().describe('left out if it is about nobody, or cannot be taken'),
  effects: whole(0, 1_000_000).optional().describe('the node crashes after so many effects of this step'),
};
