// Checks what a scenario speaks of before it runs: nodes that exist, groups that are known, calls and marks that some
// step has named before, writes and answers that are done by hand.
//
// A name must be given before it is used, in the order of the file; the steps of `do` count as one after the other.

import { UnknownWordError } from '../run/checked.ts';
import { UsageError } from '../base/errors.ts';
import { conditionTable, type Conditions, type ConditionName } from './conditions/conditions.ts';
import { parseEntryName, parseEnds } from './syntax/grammar.ts';
import { patternOf, type PatternValue } from './conditions/pattern.ts';
import { groupNames, namesIn, nodeNumber, parseSelector } from './conditions/selector.ts';
import { verbsOf, type RawScenario, type RawStep } from './schema/schema.ts';
import { placed, type Path, type Problem, type ScenarioSource } from './syntax/source.ts';
import type { Hand } from './verbs/verb.ts';
import { verbTable, type VerbName } from './verbs/verbs.ts';

type Kind = 'node' | 'call' | 'fault' | 'mark';
type RawPattern = Parameters<typeof patternOf>[0];
/** The groups of a split by name, or as a list. */
type Sides = Readonly<Record<string, string | readonly string[]>>;

/** Conditions that are mappings by node. */
const BY_NODE: readonly ConditionName[] = ['roles', 'term', 'votes', 'logs', 'commit', 'applied', 'holds', 'lacks'];

export class NameCheck {
  readonly problems: Problem[] = [];
  private readonly source: ScenarioSource;
  private readonly nodes: number;
  private hands: readonly Hand[] = [];
  private readonly given: Record<Kind, Set<string>> = {
    node: new Set(),
    call: new Set(),
    fault: new Set(),
    mark: new Set(),
  };

  constructor(source: ScenarioSource, nodes: number) {
    this.source = source;
    this.nodes = nodes;
  }

  checkScenario(raw: RawScenario): void {
    this.hands = raw.cluster?.byHand ?? [];
    for (const [key, contents] of Object.entries(raw.cluster?.start ?? {})) {
      const path = ['cluster', 'start', key];
      if (key !== 'all') this.node(key, path, 'key');
      if (contents.vote !== undefined && contents.vote !== 'nobody')
        this.node(contents.vote, [...path, 'vote'], 'value');
    }
    for (const [group, members] of Object.entries(raw.groups ?? {})) {
      this.define(group, ['groups', group], 'key');
      this.selectors(members, ['groups', group]);
      this.given.node.add(group);
    }
    raw.steps?.forEach((step, i) => this.step(step, ['steps', i]));
    this.eachOf(raw.never, ['never']);
    this.eachOf(raw.eventually, ['eventually']);
    if (raw.expect !== undefined) this.conditions(raw.expect, ['expect']);
  }

  private step(step: RawStep | VerbName, path: Path): void {
    if (typeof step === 'string') return;
    const [verb] = verbsOf(step);
    if (verb === undefined) return;
    this.value(verb, step[verb], [...path, verb]);
    this.hand(verb, path);
    this.name(verb, step, path);
    step.do?.forEach((inner, i) => this.step(inner, [...path, 'do', i]));
  }

  /** What happens by itself cannot be done by a step. */
  private hand(verb: VerbName, path: Path): void {
    const { byHand } = verbTable[verb];
    if (byHand === undefined || this.hands.includes(byHand)) return;
    const remedy = `add cluster: { byHand: [${[...this.hands, byHand].join(', ')}] }`;
    const told = `${verb} is for clusters whose ${byHand} are done by hand; ${remedy}`;
    this.problems.push(this.source.problem([...path, verb], 'key', told));
  }

  private name(verb: VerbName, step: RawStep, path: Path): void {
    const { as = verb === 'for each' ? 'node' : undefined } = step;
    if (as === undefined) return;
    if (step.as !== undefined) this.define(as, [...path, 'as'], 'value');
    switch (verbTable[verb].as) {
      case 'call':
        return this.nameCalls(as, step);
      case 'fault':
        this.given.fault.add(as);
        this.given.node.add(as);
        return;
      case 'nodes':
        this.given.node.add(as);
        return;
      case undefined: {
        const told = `as: names nothing beside ${verb}, expected it beside a step about nodes, a call or links`;
        this.problems.push(this.source.problem([...path, 'as'], 'key', told));
      }
    }
  }

  private nameCalls(name: string, { propose }: RawStep): void {
    this.given.call.add(name);
    const times = typeof propose === 'object' && 'times' in propose ? (propose.times ?? 0) : 0;
    for (let i = 1; i <= times; i++) this.given.call.add(`${name} ${i}`);
  }

  private value(verb: VerbName, value: unknown, path: Path): void {
    switch (verb) {
      case 'deliver':
      case 'drop':
      case 'duplicate':
      case 'hold':
      case 'release':
        return this.patterns(value, path);
      case 'run':
      case 'until':
        return this.window(verb, value, path);
      case 'expect':
        return this.conditions(value as Conditions, path);
      case 'cut':
      case 'slow':
        return this.links(typeof value === 'object' && value !== null && 'links' in value ? value.links : value, path);
      case 'split':
        this.sides(value as Sides, path);
        return this.named(value as Sides, path);
      case 'let':
        return this.named(value as Readonly<Record<string, string | readonly string[]>>, path);
      case 'heal':
        if (typeof value === 'string' && value !== 'all') this.known('fault', value, path);
        return;
      case 'retry':
        return this.retry(value as string | { call: string; to?: string }, path);
      case 'mark':
        this.given.mark.add(value as string);
        return;
      case 'propose':
      case 'read':
      case 'call':
        if (typeof value === 'object' && value !== null && 'to' in value) this.selectors(value.to, [...path, 'to']);
        return;
      case 'agree':
        if (typeof value === 'object' && value !== null && 'on' in value)
          return this.selectors(value.on, [...path, 'on']);
        return typeof value === 'object' && !Array.isArray(value) ? undefined : this.selectors(value, path);
      case 'answer':
      case 'repeat':
      case 'maybe':
      case 'settle':
      case 'calm':
        return;
      default:
        if (typeof value === 'object' && value !== null && 'node' in value)
          this.selectors(value.node, [...path, 'node']);
        else this.selectors(value, path);
    }
  }

  private window(verb: 'run' | 'until', value: unknown, path: Path): void {
    if (typeof value !== 'object' || value === null) return;
    const { drop, hold, never } = value as {
      drop?: unknown;
      hold?: unknown;
      never?: Conditions | readonly Conditions[];
    };
    this.eachOf(never, [...path, 'never']);
    if (drop !== undefined) this.patterns(drop, [...path, 'drop']);
    if (hold !== undefined) this.patterns(hold, [...path, 'hold']);
    if (verb === 'until') this.conditions(value, path);
  }

  /** A node that is named on two sides; a group may turn out to hold one when the step runs. */
  private sides(value: Sides, path: Path): void {
    const taken = new Set<string>();
    for (const [side, members] of Object.entries(value)) {
      for (const { item, path: place } of placed<string>(members, [...path, side])) {
        if (nodeNumber(item) === undefined) continue;
        if (taken.has(item)) this.problems.push(this.source.problem(place, 'value', `${item} is on two sides`));
        taken.add(item);
      }
    }
  }

  private named(value: Readonly<Record<string, string | readonly string[]>> | readonly unknown[], path: Path): void {
    if (Array.isArray(value)) return value.forEach((side, i) => this.selectors(side, [...path, i]));
    for (const [name, members] of Object.entries(value)) {
      this.define(name, [...path, name], 'key');
      this.selectors(members, [...path, name]);
    }
    for (const name of Object.keys(value)) this.given.node.add(name);
  }

  private retry(value: string | { readonly call: string; readonly to?: string | undefined }, path: Path): void {
    if (typeof value === 'string') return this.known('call', value, path);
    this.known('call', value.call, [...path, 'call']);
    if (value.to !== undefined) this.selectors(value.to, [...path, 'to']);
  }

  private links(value: unknown, path: Path): void {
    for (const { item, path: place } of placed(value as string | readonly string[], path)) {
      const { from, to } = parseEnds(item);
      this.selectors(from, place);
      this.selectors(to, place);
    }
  }

  private patterns(value: unknown, path: Path): void {
    for (const { item, path: place } of placed(value as RawPattern | readonly RawPattern[], path)) {
      this.pattern(patternOf(item), place, typeof item);
    }
  }

  private pattern({ from, to }: PatternValue, path: Path, kind: string): void {
    if (from !== undefined) this.selectors(from, kind === 'string' ? path : [...path, 'from']);
    if (to !== undefined) this.selectors(to, kind === 'string' ? path : [...path, 'to']);
  }

  private eachOf(value: Conditions | readonly Conditions[] | undefined, path: Path): void {
    if (value === undefined) return;
    for (const one of placed<Conditions>(value, path)) this.conditions(one.item, one.path);
  }

  private conditions(conditions: Conditions, path: Path): void {
    for (const word of Object.keys(conditionTable) as ConditionName[]) {
      const value = conditions[word];
      if (value === undefined) continue;
      const place = [...path, word];
      if (BY_NODE.includes(word) && typeof value === 'object') this.byNode(word, value, place);
      else this.condition(word, value, place);
    }
  }

  private byNode(word: ConditionName, value: object, path: Path): void {
    for (const [key, wanted] of Object.entries(value)) {
      this.selectors(key, [...path, key], 'key');
      if (word === 'holds' || word === 'lacks') this.entries(wanted, [...path, key]);
      if (word === 'votes' && wanted !== 'nobody') this.selectors(wanted, [...path, key]);
    }
  }

  private condition(word: ConditionName, value: unknown, path: Path): void {
    switch (word) {
      case 'leader': {
        const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
        const node = isMapping ? (value as { node?: unknown }).node : value;
        if (node !== 'none' && node !== 'any') this.selectors(node, path);
        return;
      }
      case 'leaders':
        return this.selectors(value, path);
      case 'converged':
        return value === true ? undefined : this.selectors(value, path);
      case 'committed':
      case 'uncommitted':
        return this.entries(value, path);
      case 'answers':
        for (const name of Object.keys(value as object)) this.known('call', name, [...path, name], 'key');
        return;
      case 'sent':
      case 'in flight':
      case 'messages': {
        const { since } = value as { since?: string };
        if (since !== undefined) this.known('mark', since, [...path, 'since']);
        this.pattern(value as PatternValue, path, 'object');
        break;
      }
      default:
    }
  }

  private entries(value: unknown, path: Path): void {
    for (const { item, path: place } of placed(value as string | readonly string[], path)) {
      if (parseEntryName(item) === undefined) this.known('call', item, place);
    }
  }

  private selectors(value: unknown, path: Path, part: 'key' | 'value' = 'value'): void {
    for (const { item, path: place } of placed(value, path)) {
      if (typeof item === 'string') for (const name of namesIn(parseSelector(item))) this.node(name, place, part);
    }
  }

  /** A node, a group, or a name that was given before. */
  private node(name: string, path: Path, part: 'key' | 'value'): void {
    const number = nodeNumber(name);
    if (number !== undefined) {
      if (number <= this.nodes) return;
      const nodes = this.nodes === 1 ? 'one node, n1' : `${this.nodes} nodes, n1 to n${this.nodes}`;
      this.problems.push(this.source.problem(path, part, `there is no ${name}: the cluster has ${nodes}`));
      return;
    }
    if (groupNames.includes(name) || this.given.node.has(name)) return;
    const [, some, others] = /^(.+?) (?:except|without|minus)(?: for)? (.+)$/.exec(name) ?? [];
    if (some !== undefined && others !== undefined) {
      const remedy = `write ${some} but ${others}`;
      return this.report(new UsageError(`unknown node or group ${JSON.stringify(name)}: ${remedy}`), path, part);
    }
    const known = Array.from({ length: this.nodes }, (_, i) => `n${i + 1}`).concat(groupNames, ...this.given.node);
    this.report(new UnknownWordError('node or group', name, known), path, part);
  }

  private known(kind: Kind, name: string, path: Path, part: 'key' | 'value' = 'value'): void {
    const given = this.given[kind];
    if (given.has(name)) return;
    const what = kind === 'fault' ? 'fault of links' : kind;
    const none = kind === 'mark' ? 'no step marks one' : `no step gives one a name with as: before`;
    const mistake =
      given.size === 0
        ? new UsageError(`unknown ${what} ${JSON.stringify(name)}: ${none}`)
        : new UnknownWordError(what, name, Array.from(given));
    this.report(mistake, path, part);
  }

  /** A name that means something already cannot be given. */
  private define(name: string, path: Path, part: 'key' | 'value'): void {
    if (nodeNumber(name) === undefined && !groupNames.includes(name)) return;
    this.report(
      new UsageError(`${JSON.stringify(name)} means something already, expected a name of your own`),
      path,
      part,
    );
  }

  private report(mistake: UsageError, path: Path, part: 'key' | 'value'): void {
    const { word, known } = mistake instanceof UnknownWordError ? mistake : { word: undefined, known: undefined };
    this.problems.push(this.source.problem(path, part, mistake.message, word, known));
  }
}
