// Which steps `replay --show` prints: all of them, or those of a range, of some servers, of some kinds.
//
// A step is of a server if it happens to the server, or is about a message from it or to it, or about a link of it.
// What no step of the trace could match is refused before anything is printed.

import { UsageError } from '../../base/errors.ts';
import { nodeName } from '../../base/ids.ts';
import { UnknownWordError } from '../../run/checked.ts';
import { stepKinds, type Step, type StepKind } from '../../sim/step.ts';
import type { TracedStep } from '../../trace/recorder.ts';

export interface StepRange {
  readonly from: number;
  readonly to: number;
}

export interface ShowFlags {
  readonly show?: boolean;
  readonly showSteps?: StepRange;
  readonly showNode?: readonly string[];
  readonly showKind?: readonly StepKind[];
}

/** `100..200`, `100..`, `..200` or one step. */
export function parseSteps(text: string): StepRange {
  const [, first = '', dots, last = ''] = /^(\d{0,15})(\.\.)?(\d{0,15})$/.exec(text) ?? [];
  if (first === '' && last === '') {
    throw new UsageError(`--show-steps is ${JSON.stringify(text)}, expected a range such as 100..200, 100.. or 42`);
  }
  const from = first === '' ? 1 : Number(first);
  const to = dots === undefined ? from : last === '' ? Infinity : Number(last);
  if (to < from) throw new UsageError(`--show-steps is ${text}: ${to} comes before ${from}`);
  return { from, to };
}

/** Names behind one flag, separated by commas, or behind several flags. */
export const parseNodes = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...text.split(',').map((word) => {
    if (/^n[1-9]$/.test(word)) return word;
    throw new UsageError(`--show-node is ${JSON.stringify(text)}, expected servers such as n2 or n1,n3`);
  }),
];

export const parseKinds = (text: string, before: readonly StepKind[] = []): readonly StepKind[] => [
  ...before,
  ...text.split(',').map((word) => {
    const kind = stepKinds.find((known) => known === word);
    if (kind === undefined) throw new UnknownWordError('kind of step', word, stepKinds);
    return kind;
  }),
];

export class ShownSteps {
  /** How many were shown. */
  shown = 0;
  private readonly flags: ShowFlags;

  /** For a trace of this name, with so many servers and steps. */
  constructor(flags: ShowFlags, name: string, nodes: number, steps: number) {
    this.flags = flags;
    const { showSteps, showNode = [] } = flags;
    if (showSteps !== undefined && showSteps.from > steps) {
      throw new UsageError(`--show-steps begins at ${showSteps.from}, but ${name} ends at step ${steps}`);
    }
    const unknown = showNode.find((node) => Number(node.slice(1)) > nodes);
    if (unknown !== undefined) throw new UsageError(`--show-node is ${unknown}, but ${name} has ${nodes} servers`);
  }

  /** Some steps are printed. */
  get isOn(): boolean {
    return this.flags.show === true || this.isFiltered;
  }

  /** Not all of them are. */
  get isFiltered(): boolean {
    const { showSteps, showNode, showKind } = this.flags;
    return showSteps !== undefined || showNode !== undefined || showKind !== undefined;
  }

  /** Those that are shown. */
  of<Traced extends TracedStep>(steps: readonly Traced[]): Traced[] {
    const included = steps.filter((step) => this.includes(step));
    this.shown += included.length;
    return included;
  }

  private includes({ step, data }: TracedStep): boolean {
    const { showSteps, showNode, showKind } = this.flags;
    if (showSteps !== undefined && (step < showSteps.from || step > showSteps.to)) return false;
    if (showKind !== undefined && !showKind.includes(data.kind)) return false;
    return showNode === undefined || serversOf(data).some((node) => showNode.includes(node));
  }
}

/** The servers that a step is about. */
function serversOf(step: Step): string[] {
  if ('from' in step) return [nodeName(step.from), nodeName(step.to)];
  if ('node' in step) return [nodeName(step.node)];
  return 'links' in step ? step.links.flat().map(nodeName) : [];
}
