// The rule that a failing run names: the first decision in which a server parted from the paper's node.
//
// The run is taken again, step by step, with the paper's node beside every server. A node that is the paper's own has
// no first difference; what is wrong in both stays unseen.

import { nodeName } from '../base/ids.ts';
import { messageRows } from '../protocol/messages/table.ts';
import { handlerSections, ruleSections } from '../raft/sections.ts';
import type { Step } from '../sim/step.ts';
import { TraceRecorder } from '../trace/recorder.ts';
import { comparedProcess, type Parting } from './compared-process.ts';
import type { Plan } from './plan.ts';
import { Simulation } from './simulate.ts';

/** The first decision of a run that the paper's node would have made otherwise, on the same inputs. */
export interface FirstDifference {
  /** `n2`: the server that made it. */
  readonly server: string;
  /** A rule of the node, one of its sessions, a handler, or the door around the handlers. */
  readonly kind: Parting['kind'];
  /** What the code calls it: `logIsUpToDate`, `RequestVote`. */
  readonly name: string;
  /** Where the paper speaks of it; the dissertation where it does not. */
  readonly section: string;
  /** The step of the run, from 1, and its line in the one-line notation. */
  readonly step: number;
  readonly line: string;
  /** What a rule answered, and what the paper's answers, as JSON; undefined for what is no rule. */
  readonly answers: Parting['answers'];
  /** All of it as a sentence, without its full stop. */
  readonly sentence: string;
}

/** Takes the steps of a run again; undefined if every decision is the paper's. */
export function firstDifference(plan: Plan, steps: readonly Step[]): FirstDifference | undefined {
  if (plan.variant === null) return undefined;
  let found: Parting | undefined;
  const recorder = new TraceRecorder({ lines: true, keepLast: 1 });
  const simulation = new Simulation(plan, {
    script: steps,
    recorder,
    processOf: (id, recipe) => comparedProcess(id, recipe, (parting) => (found ??= parting)),
  });
  // What is found is set from inside of the step.
  // oxlint-disable-next-line no-unmodified-loop-condition
  while (found === undefined && simulation.advance(1));
  if (found === undefined) return undefined;
  const { node, kind, name, answers } = found;
  const [server, section] = [nodeName(node), sectionOf(found)];
  const line = recorder.drain().at(-1)?.line.trim() ?? '';
  const sentence = sentenceOf(found, section);
  return { server, kind, name, section, step: simulation.world.steps, line, answers, sentence };
}

function sectionOf({ kind, name }: Parting): string {
  if (kind === 'session rule') return '8';
  const sections: Readonly<Record<string, string>> = kind === 'rule' ? ruleSections : handlerSections;
  const messages: Readonly<Record<string, { readonly section: string }>> = messageRows;
  return sections[name] ?? messages[name]?.section ?? '5';
}

const ANSWER_MAX = 40;

function sentenceOf({ node, kind, name, answers }: Parting, section: string): string {
  const place = `${nodeName(node)} parts from the paper in the ${kind} ${name} (section ${section})`;
  if (answers === undefined || answers.here.length + answers.paper.length > ANSWER_MAX) return place;
  return `${place}: ${answers.here}, where the paper says ${answers.paper}`;
}
