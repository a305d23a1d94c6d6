// Checks the names of a scenario before it runs: nodes that exist, groups that are known, calls and marks that some
// step has named before.
//
// A name must be given before it is used, in the order of the file; the steps of `do` count as one after the other.

import { UnknownWordError } from '../run/plan.ts';
import { UsageError } from '../base/assert.ts';
import { conditionTable, type Conditions, type ConditionName } from './conditions.ts';
import { parseEntryName, parseEnds } from './grammar.ts';
import { patternOf, type PatternValue } from './pattern.ts';
import { groupNames, namesIn, nodeNumber, parseSelector } from './selector.ts';
import { verbsOf, type RawScenario, type RawStep } from './schema.ts';
import type { Path, Problem, ScenarioSource } from './source.ts';
import type { VerbName } from './verbs.ts';

type Kind = 'node' | 'call' | 'fault' | 'mark';

const CALLS: readonly VerbName[] = ['propose', 'read', 'agree', 'call'];
const LINKS: readonly VerbName[] = [
  'cut',
  'isolate',
  'deafen',
  'mute',
  'split',
  'bridge',
  'ring',
  'chain',
  'star',
  'slow',
];
/** Conditions that are mappings by node. */
const BY_NODE: readonly ConditionName[] = ['roles', 'term', 'votes', 'logs', 'commit', 'applied', 'holds', 'lacks'];

export class NameCheck {
  readonly problems: Problem[] = [];
  readonly #source: ScenarioSource;
  readonly #nodes: number;
  readonly #given: Record<Kind, Set<string>> = { node: new Set(), call: new Set(), fault: new Set(), mark: new Set() };

  constructor(source: ScenarioSource, nodes: number) {
    this.#source = source;
    this.#nodes = nodes;
  }

  checkScenario(raw: RawScenario): void {
    for (const [key, contents] of Object.entries(raw.cluster?.start ?? {})) {
      const path = ['cluster', 'start', key];
      if (key !== 'all') this.#node(key, path, 'key');
      if (contents.vote !== undefined && contents.vote !== 'nobody')
        this.#node(contents.vote, [...path, 'vote'], 'value');
    }
    for (const [group, members] of Object.entries(raw.groups ?? {})) {
      this.#define(group, ['groups', group], 'key');
      this.#selectors(members, ['groups', group]);
      this.#given.node.add(group);
    }
    raw.steps?.forEach((step, i) => this.#step(step, ['steps', i]));
    raw.never?.forEach((conditions, i) => this.#conditions(conditions, ['never', i]));
    raw.eventually?.forEach((conditions, i) => this.#conditions(conditions, ['eventually', i]));
    if (raw.expect !== undefined) this.#conditions(raw.expect, ['expect']);
  }

  #step(step: RawStep | VerbName, path: Path): void {
    if (typeof step === 'string') return;
    const [verb] = verbsOf(step);
    if (verb === undefined) return;
    this.#value(verb, step[verb], [...path, verb]);
    const { as } = step;
    const name = as ?? (verb === 'for each' ? 'node' : undefined);
    if (name !== undefined) {
      if (as !== undefined) this.#define(as, [...path, 'as'], 'value');
      if (CALLS.includes(verb)) this.#nameCalls(name, step);
      else this.#given.node.add(name);
      if (LINKS.includes(verb)) this.#given.fault.add(name);
    }
    step.do?.forEach((inner, i) => this.#step(inner, [...path, 'do', i]));
  }

  #nameCalls(name: string, { propose }: RawStep): void {
    this.#given.call.add(name);
    const times = typeof propose === 'object' && 'times' in propose ? (propose.times ?? 0) : 0;
    for (let i = 1; i <= times; i++) this.#given.call.add(`${name} ${i}`);
  }

  #value(verb: VerbName, value: unknown, path: Path): void {
    switch (verb) {
      case 'deliver':
      case 'drop':
      case 'duplicate':
      case 'hold':
      case 'release':
        return this.#patterns(value, path);
      case 'run':
      case 'until':
        return this.#window(verb, value, path);
      case 'expect':
        return this.#conditions(value as Conditions, path);
      case 'cut':
      case 'slow':
        return this.#links(typeof value === 'object' && value !== null && 'links' in value ? value.links : value, path);
      case 'split':
      case 'let':
        return this.#named(value as Readonly<Record<string, string | readonly string[]>>, path);
      case 'heal':
        if (typeof value === 'string' && value !== 'all') this.#known('fault', value, path);
        return;
      case 'retry':
        return this.#retry(value as string | { call: string; to?: string }, path);
      case 'mark':
        this.#given.mark.add(value as string);
        return;
      case 'propose':
      case 'read':
      case 'call':
        if (typeof value === 'object' && value !== null && 'to' in value) this.#selectors(value.to, [...path, 'to']);
        return;
      case 'agree':
        if (typeof value === 'object' && value !== null && 'on' in value)
          return this.#selectors(value.on, [...path, 'on']);
        return typeof value === 'object' && !Array.isArray(value) ? undefined : this.#selectors(value, path);
      case 'answer':
      case 'repeat':
      case 'maybe':
      case 'settle':
      case 'calm':
        return;
      default:
        if (typeof value === 'object' && value !== null && 'node' in value)
          this.#selectors(value.node, [...path, 'node']);
        else this.#selectors(value, path);
    }
  }

  #window(verb: 'run' | 'until', value: unknown, path: Path): void {
    if (typeof value !== 'object' || value === null) return;
    const { drop, hold, never } = value as { drop?: unknown; hold?: unknown; never?: readonly Conditions[] };
    never?.forEach((conditions, i) => this.#conditions(conditions, [...path, 'never', i]));
    if (drop !== undefined) this.#patterns(drop, [...path, 'drop']);
    if (hold !== undefined) this.#patterns(hold, [...path, 'hold']);
    if (verb === 'until') this.#conditions(value, path);
  }

  #named(value: Readonly<Record<string, string | readonly string[]>> | readonly unknown[], path: Path): void {
    if (Array.isArray(value)) return value.forEach((side, i) => this.#selectors(side, [...path, i]));
    for (const [name, members] of Object.entries(value)) {
      this.#define(name, [...path, name], 'key');
      this.#selectors(members, [...path, name]);
    }
    for (const name of Object.keys(value)) this.#given.node.add(name);
  }

  #retry(value: string | { readonly call: string; readonly to?: string | undefined }, path: Path): void {
    if (typeof value === 'string') return this.#known('call', value, path);
    this.#known('call', value.call, [...path, 'call']);
    if (value.to !== undefined) this.#selectors(value.to, [...path, 'to']);
  }

  #links(value: unknown, path: Path): void {
    const texts = [value].flat() as readonly string[];
    texts.forEach((text, i) => {
      const place = Array.isArray(value) ? [...path, i] : path;
      const { from, to } = parseEnds(text);
      this.#selectors(from, place);
      this.#selectors(to, place);
    });
  }

  #patterns(value: unknown, path: Path): void {
    const all = [value].flat() as readonly Parameters<typeof patternOf>[0][];
    all.forEach((one, i) => this.#pattern(patternOf(one), Array.isArray(value) ? [...path, i] : path, typeof one));
  }

  #pattern({ from, to }: PatternValue, path: Path, kind: string): void {
    if (from !== undefined) this.#selectors(from, kind === 'string' ? path : [...path, 'from']);
    if (to !== undefined) this.#selectors(to, kind === 'string' ? path : [...path, 'to']);
  }

  #conditions(conditions: Conditions, path: Path): void {
    for (const word of Object.keys(conditionTable) as ConditionName[]) {
      const value = conditions[word];
      if (value === undefined) continue;
      const place = [...path, word];
      if (BY_NODE.includes(word) && typeof value === 'object') this.#byNode(word, value, place);
      else this.#condition(word, value, place);
    }
  }

  #byNode(word: ConditionName, value: object, path: Path): void {
    for (const [key, wanted] of Object.entries(value)) {
      this.#selectors(key, [...path, key], 'key');
      if (word === 'holds' || word === 'lacks') this.#entries(wanted, [...path, key]);
      if (word === 'votes' && wanted !== 'nobody') this.#selectors(wanted, [...path, key]);
    }
  }

  #condition(word: ConditionName, value: unknown, path: Path): void {
    switch (word) {
      case 'leader': {
        const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
        const node = isMapping ? (value as { node?: unknown }).node : value;
        if (node !== 'none' && node !== 'any') this.#selectors(node, path);
        return;
      }
      case 'leaders':
        return this.#selectors(value, path);
      case 'converged':
        return value === true ? undefined : this.#selectors(value, path);
      case 'committed':
      case 'uncommitted':
        return this.#entries(value, path);
      case 'answers':
        for (const name of Object.keys(value as object)) this.#known('call', name, [...path, name], 'key');
        return;
      case 'sent':
      case 'in flight':
      case 'messages': {
        const { since } = value as { since?: string };
        if (since !== undefined) this.#known('mark', since, [...path, 'since']);
        this.#pattern(value as PatternValue, path, 'object');
        break;
      }
      default:
    }
  }

  #entries(value: unknown, path: Path): void {
    const all = [value].flat() as readonly string[];
    all.forEach((what, i) => {
      if (parseEntryName(what) === undefined) this.#known('call', what, Array.isArray(value) ? [...path, i] : path);
    });
  }

  #selectors(value: unknown, path: Path, part: 'key' | 'value' = 'value'): void {
    const texts = [value].flat();
    texts.forEach((text, i) => {
      if (typeof text !== 'string') return;
      const place = Array.isArray(value) ? [...path, i] : path;
      for (const name of namesIn(parseSelector(text))) this.#node(name, place, part);
    });
  }

  /** A node, a group, or a name that was given before. */
  #node(name: string, path: Path, part: 'key' | 'value'): void {
    const number = nodeNumber(name);
    if (number !== undefined) {
      if (number <= this.#nodes) return;
      const nodes = this.#nodes === 1 ? 'one node, n1' : `${this.#nodes} nodes, n1 to n${this.#nodes}`;
      this.problems.push(this.#source.problem(path, part, `there is no ${name}: the cluster has ${nodes}`));
      return;
    }
    if (groupNames.includes(name) || this.#given.node.has(name)) return;
    const known = Array.from({ length: this.#nodes }, (_, i) => `n${i + 1}`).concat(groupNames, ...this.#given.node);
    this.#report(new UnknownWordError('node or group', name, known), path, part);
  }

  #known(kind: Kind, name: string, path: Path, part: 'key' | 'value' = 'value'): void {
    const given = this.#given[kind];
    if (given.has(name)) return;
    const what = kind === 'fault' ? 'fault of links' : kind;
    const none = kind === 'mark' ? 'no step marks one' : `no step gives one a name with as: before`;
    const mistake =
      given.size === 0
        ? new UsageError(`unknown ${what} ${JSON.stringify(name)}: ${none}`)
        : new UnknownWordError(what, name, Array.from(given));
    this.#report(mistake, path, part);
  }

  /** A name that means something already cannot be given. */
  #define(name: string, path: Path, part: 'key' | 'value'): void {
    if (nodeNumber(name) === undefined && !groupNames.includes(name)) return;
    this.#report(
      new UsageError(`${JSON.stringify(name)} means something already, expected a name of your own`),
      path,
      part,
    );
  }

  #report(mistake: UsageError, path: Path, part: 'key' | 'value'): void {
    const { word, known } = mistake instanceof UnknownWordError ? mistake : { word: undefined, known: undefined };
    this.problems.push(this.#source.problem(path, part, mistake.message, word, known));
  }
}
