// A server beside the paper's: both enter the same doors, and the first decision in which they part is noted.
//
// The world hosts the server that is looked into; the paper's node stands behind it, hears the same, and what it wants
// is compared and dropped. Each decision of both is written down: a rule with its answer, a handler with the state that
// it found and left. Once they have parted, their states differ for a reason that is known, and nothing is compared.

import type { NodeId } from '../base/ids.ts';
import { EntryList } from '../protocol/entry-list.ts';
import type { Entry } from '../protocol/message.ts';
import { Outbox } from '../protocol/outbox.ts';
import { paperHandlers } from '../raft/handlers.ts';
import { Log } from '../raft/log.ts';
import { paperRules } from '../raft/rules.ts';
import type { Behaviour } from '../raft/state.ts';
import type { Process } from '../sim/process.ts';
import { exactlyOnce } from '../systems/in-process/key-value-machine.ts';
import { RaftProcess, type NodeRecipe } from '../systems/in-process/raft-process.ts';

/** What a server decided otherwise than the paper's would have, on the same inputs. */
export interface Parting {
  readonly node: NodeId;
  /** A rule of the node or of the sessions; a handler; or a door, where what happens around the handlers differs. */
  readonly kind: 'rule' | 'session rule' | 'handler' | 'door';
  readonly name: string;
  /** What the two rules answered, as JSON; undefined for what is no rule. */
  readonly answers: { readonly here: string; readonly paper: string } | undefined;
}

/** One thing that a server did inside of a door. */
interface Event {
  readonly kind: 'rule' | 'session rule' | 'enters' | 'leaves';
  readonly name: string;
  /** What was answered, or the state of the server then. */
  readonly content: string;
}

/** Called once for each server that parts from the paper's. */
export type OnParting = (parting: Parting) => void;

type Table = Readonly<Record<string, (...args: never[]) => unknown>>;
type Loose = (...args: unknown[]) => unknown;

/** A process of this recipe that tells when it first decides otherwise than the paper's node. */
export function comparedProcess(id: NodeId, recipe: NodeRecipe, onParting: OnParting): Process {
  const [mine, papers]: [Event[], Event[]] = [[], []];
  const paper: NodeRecipe = {
    ...recipe,
    behaviour: { ...recipe.behaviour, rules: paperRules, handlers: paperHandlers },
    sessions: exactlyOnce,
  };
  const here = new RaftProcess(id, traced(recipe, mine));
  const shadow = new RaftProcess(id, traced(paper, papers));
  let isApart = false;
  const both =
    (door: string) =>
    (...args: unknown[]): unknown => {
      mine.length = 0;
      papers.length = 0;
      const ownCopy = isApart ? [] : args.map(copied);
      const result = endOf(here, door, args);
      if (!isApart) {
        const expected = endOf(shadow, door, ownCopy);
        const parting = partingOf(id, door, { events: mine, result }, { events: papers, result: expected });
        if (parting !== undefined) {
          isApart = true;
          onParting(parting);
        }
      }
      if ('thrown' in result) throw result.thrown;
      return result.value;
    };
  return new Proxy<Process>(here, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' && typeof key === 'string' ? both(key) : value;
    },
  });
}

type End = { readonly value: unknown } | { readonly thrown: unknown };

function endOf(server: RaftProcess, door: string, args: readonly unknown[]): End {
  try {
    return { value: (server[door as keyof RaftProcess] as unknown as Loose).apply(server, args.slice()) };
  } catch (thrown) {
    return { thrown };
  }
}

/** A log is changed by the server that it is given to: each has its own. */
function copied(value: unknown): unknown {
  if (value instanceof EntryList) return value.copy();
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, field instanceof EntryList ? field.copy() : field]),
  );
}

interface Course {
  readonly events: readonly Event[];
  readonly result: End;
}

function partingOf(node: NodeId, door: string, here: Course, paper: Course): Parting | undefined {
  const inside: string[] = [];
  const length = Math.max(here.events.length, paper.events.length);
  for (let i = 0; i < length; i++) {
    const [mine, theirs] = [here.events[i], paper.events[i]];
    const isSameThing = mine?.kind === theirs?.kind && mine?.name === theirs?.name;
    if (mine === undefined || theirs === undefined || !isSameThing) return within(node, door, inside);
    if (mine.content !== theirs.content) {
      if (mine.kind === 'leaves') return { node, kind: 'handler', name: mine.name, answers: undefined };
      if (mine.kind === 'enters') return within(node, door, inside);
      return { node, kind: mine.kind, name: mine.name, answers: { here: mine.content, paper: theirs.content } };
    }
    if (mine.kind === 'enters') inside.push(mine.name);
    if (mine.kind === 'leaves') inside.pop();
  }
  return endText(here.result) === endText(paper.result) ? undefined : within(node, door, inside);
}

/** The innermost handler that both were in, or the door itself. */
function within(node: NodeId, door: string, inside: readonly string[]): Parting {
  const handler = inside.at(-1);
  return handler === undefined
    ? { node, kind: 'door', name: door, answers: undefined }
    : { node, kind: 'handler', name: handler, answers: undefined };
}

const endText = (end: End): string => ('thrown' in end ? String(end.thrown) : textOf(end.value));

/** The same recipe, of which every decision is written down. */
function traced(recipe: NodeRecipe, events: Event[]): NodeRecipe {
  const { behaviour, sessions } = recipe;
  return {
    ...recipe,
    behaviour: {
      options: behaviour.options,
      rules: tracedRules(behaviour.rules as unknown as Table, 'rule', events) as unknown as Behaviour['rules'],
      handlers: tracedHandlers(behaviour.handlers as unknown as Table, events) as unknown as Behaviour['handlers'],
    },
    sessions: tracedRules(sessions as unknown as Table, 'session rule', events) as unknown as NodeRecipe['sessions'],
  };
}

function tracedRules(rules: Table, kind: 'rule' | 'session rule', events: Event[]): Table {
  return mapped(rules, (name, rule) => (...args) => {
    const answer = rule(...args);
    // A rule may note what it decides in a list that it is given, as that of the votes.
    const noted = answer === undefined ? args.filter(Array.isArray) : [];
    events.push({ kind, name, content: textOf(noted.length === 0 ? answer : noted) });
    return answer;
  });
}

function tracedHandlers(handlers: Table, events: Event[]): Table {
  return mapped(handlers, (name, handler) => (...args) => {
    events.push({ kind: 'enters', name, content: textOf(args[0]) });
    const result = handler(...args);
    events.push({ kind: 'leaves', name, content: textOf([args[0], result]) });
    return result;
  });
}

const mapped = (table: Table, around: (name: string, one: Loose) => Loose): Table =>
  Object.fromEntries(Object.entries(table).map(([name, one]) => [name, around(name, one as Loose)]));

/** Everything that a server knows, as text; of a log its length and its hash say enough. */
const textOf = (value: unknown): string => JSON.stringify(value, shortened) ?? '';

function shortened(key: string, value: unknown): unknown {
  if (value instanceof Log || value instanceof EntryList) return [value.base, value.lastIndex, value.prefixHash];
  if (value instanceof Outbox) return Array.from({ length: value.length }, (_, place) => value.at(place));
  if (value instanceof Map || value instanceof Set) return Array.from(value as Iterable<unknown>);
  if (key === 'entries' && Array.isArray(value)) return value.map(entryText);
  return UNTOLD.has(key) ? undefined : value;
}

/** What never changes, what follows from the rest, and what is only remembered to be faster. */
const UNTOLD: ReadonlySet<string> = new Set(['options', 'rules', 'handlers', 'peers', 'batch', 'matches']);

const entryText = ({ term, command }: Entry): string => `${term}:${command.hash}`;
