// A short schedule as a Mermaid sequence diagram: servers stand side by side, messages go from one to the other.
//
// It is written down like a trace, by a recorder that keeps what it is shown. Meant for replays of some dozens of
// steps.

import { nodeName, type NodeId } from '../base/ids.ts';
import type { Message } from '../protocol/message.ts';
import type { Host } from '../sim/host.ts';
import type { Recorder } from '../sim/observer.ts';
import { nodeOf, type Step } from '../sim/step.ts';
import { notationOf } from '../trace/notation.ts';
import { messageWords } from '../trace/words.ts';

const STEPS_MAX = 150;

export class SequenceDiagram implements Recorder {
  private readonly lines: string[] = [];
  private readonly terms: number[] = [];
  private steps = 0;

  /** A diagram of a cluster with so many servers. */
  constructor(nodes: number) {
    for (let i = 0; i < nodes; i++) this.lines.push(`  participant ${nodeName(i as NodeId)}`);
  }

  text(): string {
    const cut = this.steps > STEPS_MAX ? [`  note over n1: … ${this.steps - STEPS_MAX} more steps`] : [];
    return ['sequenceDiagram', ...this.lines, ...cut, ''].join('\n');
  }

  begin(step: Step, message: Message | undefined): void {
    const line = lineOf(step, message);
    if (line === undefined || ++this.steps > STEPS_MAX) return;
    this.lines.push(`  ${line}`);
  }

  end(host: Host | undefined): void {
    if (host === undefined || host.status !== 'up' || this.steps > STEPS_MAX) return;
    const { role, currentTerm } = host.process.probe;
    if (role === 'leader') this.leads(host.id, currentTerm);
  }

  /** A server leads a term: noted once. */
  leads(node: NodeId, term: number): void {
    if (this.terms[node] === term) return;
    this.terms[node] = term;
    this.lines.push(`  note over ${nodeName(node)}: leader of term ${term}`);
  }

  sent(): void {
    // What is sent shows when it arrives.
  }

  truncated(): void {
    // A crash shows by itself.
  }

  answered(): void {
    // Answers are not part of the picture.
  }
}

/** What ends a line or a word in the language of the diagram has no place in its texts. */
const harmless = (text: string): string =>
  text
    .replace(/[;#\n"]/g, ' ')
    .replace(/\s+/g, ' ')
    .slice(0, 80);

function lineOf(step: Step, message: Message | undefined): string | undefined {
  const { drawing } = notationOf(step);
  if (typeof drawing === 'string' && 'from' in step) {
    const words = message === undefined ? '' : `${message.kind} term ${message.term}, ${messageWords(message)}`;
    return `${nodeName(step.from)}${drawing}${nodeName(step.to)}: ${harmless(words)}`;
  }
  const node = nodeOf(step);
  const note = typeof drawing === 'function' ? drawing(step) : undefined;
  return note === undefined || node === undefined ? undefined : `note over ${nodeName(node)}: ${harmless(note)}`;
}
