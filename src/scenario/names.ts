// Checks what a scenario speaks of before it runs: nodes that exist, groups that are known, calls and marks that some
// step has named before, writes and answers that are done by hand.
//
// A name must be given before it is used, in the order of the file; the steps of `do` count as one after the other.
// What the value of a verb or a condition speaks of, its row knows.

import { UnknownWordError } from '../run/checked.ts';
import { UsageError } from '../base/errors.ts';
import { conditionNames, conditionTable, type Conditions } from './conditions/conditions.ts';
import type { NameKind, Part } from './conditions/names.ts';
import { patternOf, type PatternValue, type RawPatterns } from './conditions/pattern.ts';
import { groupNames, namesIn, nodeNumber, parseSelector } from './conditions/selector.ts';
import { verbsOf, type RawScenario, type RawStep } from './schema/schema.ts';
import { parseEntryName } from './syntax/grammar.ts';
import { placed, type Path, type Problem, type ScenarioSource } from './syntax/source.ts';
import type { ByHandWord, Verb, VerbNameScope } from './verbs/verb.ts';
import { verbTable, type VerbName } from './verbs/verbs.ts';

export class NameCheck implements VerbNameScope {
  readonly problems: Problem[] = [];
  private readonly source: ScenarioSource;
  private readonly clusterSize: number;
  private byHand: readonly ByHandWord[] = [];
  private readonly given: Record<NameKind, Set<string>> = {
    node: new Set(),
    call: new Set(),
    fault: new Set(),
    mark: new Set(),
  };

  constructor(source: ScenarioSource, clusterSize: number) {
    this.source = source;
    this.clusterSize = clusterSize;
  }

  checkScenario(raw: RawScenario): void {
    this.byHand = raw.cluster?.byHand ?? [];
    for (const [key, contents] of Object.entries(raw.cluster?.start ?? {})) {
      const path = ['cluster', 'start', key];
      if (key !== 'all') this.node(key, path, 'key');
      if (contents.vote !== undefined && contents.vote !== 'nobody')
        this.node(contents.vote, [...path, 'vote'], 'value');
    }
    for (const [group, members] of Object.entries(raw.groups ?? {})) {
      this.free(group, ['groups', group], 'key');
      this.nodes(members, ['groups', group]);
      this.give('node', group);
    }
    raw.steps?.forEach((step, i) => this.step(step, ['steps', i]));
    this.conditions(raw.never, ['never']);
    this.conditions(raw.eventually, ['eventually']);
    this.conditions(raw.expect, ['expect']);
  }

  private step(step: RawStep | VerbName, path: Path): void {
    if (typeof step === 'string') return;
    const [verb] = verbsOf(step);
    if (verb === undefined) return;
    verbTable[verb].checkNames(this, step[verb] as never, [...path, verb]);
    this.checkByHand(verb, path);
    this.name(verb, step, path);
    step.do?.forEach((inner, i) => this.step(inner, [...path, 'do', i]));
  }

  /** What happens by itself cannot be done by a step. */
  private checkByHand(verb: VerbName, path: Path): void {
    const { byHand } = verbTable[verb];
    if (byHand === undefined || this.byHand.includes(byHand)) return;
    const remedy = `add cluster: { byHand: [${[...this.byHand, byHand].join(', ')}] }`;
    const message = `${verb} is for clusters whose ${byHand} are done by hand; ${remedy}`;
    this.report(new UsageError(message), [...path, verb], 'key');
  }

  private name(verb: VerbName, step: RawStep, path: Path): void {
    const row: Verb<never> = verbTable[verb] as never;
    const as = step.as ?? row.usualName;
    if (as === undefined) return;
    if (step.as !== undefined) this.free(as, [...path, 'as'], 'value');
    switch (row.as) {
      case 'call':
        for (const name of [as, ...(row.moreNames?.(as, step[verb] as never) ?? [])]) this.give('call', name);
        return;
      case 'fault':
        this.give('fault', as);
        this.give('node', as);
        return;
      case 'nodes':
        this.give('node', as);
        return;
      case undefined: {
        const expected = 'expected it beside a step about nodes, a call or links';
        this.report(new UsageError(`as: names nothing beside ${verb}, ${expected}`), [...path, 'as'], 'key');
      }
    }
  }

  // ── what verbs and conditions ask ────────────────────────────────────────────────────────────────────────────────

  conditions(value: Conditions | readonly Conditions[] | undefined, path: Path): void {
    if (value === undefined) return;
    for (const { item, path: place } of placed<Conditions>(value, path)) {
      for (const word of conditionNames) {
        if (item[word] !== undefined) conditionTable[word].checkNames?.(this, item[word] as never, [...place, word]);
      }
    }
  }

  patterns(value: RawPatterns, path: Path): void {
    for (const { item, path: place } of placed(value, path)) {
      if (typeof item !== 'string') this.fields(item, place);
      else {
        const { from, to } = patternOf(item);
        this.nodes(from, place);
        this.nodes(to, place);
      }
    }
  }

  fields({ from, to }: PatternValue, path: Path): void {
    this.nodes(from, [...path, 'from']);
    this.nodes(to, [...path, 'to']);
  }

  entries(value: string | readonly string[], path: Path): void {
    for (const { item, path: place } of placed(value, path)) {
      if (parseEntryName(item) === undefined) this.known('call', item, place);
    }
  }

  nodes(value: unknown, path: Path, part: Part = 'value'): void {
    for (const { item, path: place } of placed(value, path)) {
      if (typeof item === 'string') for (const name of namesIn(parseSelector(item))) this.node(name, place, part);
    }
  }

  /** A node, a group, or a name that was given before. */
  private node(name: string, path: Path, part: Part): void {
    const number = nodeNumber(name);
    if (number !== undefined) {
      if (number <= this.clusterSize) return;
      const nodes = this.clusterSize === 1 ? 'one node, n1' : `${this.clusterSize} nodes, n1 to n${this.clusterSize}`;
      this.problems.push(this.source.problem(path, part, `there is no ${name}: the cluster has ${nodes}`));
      return;
    }
    if (groupNames.includes(name) || this.given.node.has(name)) return;
    const [, some, others] = /^(.+?) (?:except|without|minus)(?: for)? (.+)$/.exec(name) ?? [];
    if (some !== undefined && others !== undefined) {
      const remedy = `write ${some} but ${others}`;
      return this.report(new UsageError(`unknown node or group ${JSON.stringify(name)}: ${remedy}`), path, part);
    }
    const known = Array.from({ length: this.clusterSize }, (_, i) => `n${i + 1}`).concat(
      groupNames,
      ...this.given.node,
    );
    this.report(new UnknownWordError('node or group', name, known), path, part);
  }

  known(kind: NameKind, name: string, path: Path, part: Part = 'value'): void {
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

  give(kind: NameKind, name: string): void {
    this.given[kind].add(name);
  }

  free(name: string, path: Path, part: Part): void {
    if (nodeNumber(name) === undefined && !groupNames.includes(name)) return;
    this.report(
      new UsageError(`${JSON.stringify(name)} means something already, expected a name of your own`),
      path,
      part,
    );
  }

  report(mistake: UsageError, path: Path, part: Part = 'value'): void {
    const { word, known } = mistake instanceof UnknownWordError ? mistake : { word: undefined, known: undefined };
    this.problems.push(this.source.problem(path, part, mistake.message, word, known));
  }
}
