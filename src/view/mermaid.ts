// A range of steps as a Mermaid sequence diagram: the diagram of the reports, made from a run that is written down.
//
// A long range is cut short by the diagram itself, which says by how much.

import { SequenceDiagram } from '../report/mermaid.ts';
import { nodeOf } from '../sim/step.ts';
import type { History } from './history.ts';

export function sequenceDiagramOf(history: History, from: number, to: number): string {
  const diagram = new SequenceDiagram(history.servers);
  for (let number = Math.max(1, from); number <= Math.min(to, history.last); number++) {
    const step = history.step(number);
    diagram.begin(step, history.flight(number)?.message);
    const node = nodeOf(step);
    const moment = node === undefined ? undefined : history.server(node, number);
    if (node !== undefined && moment?.role === 'leader') diagram.leads(node, moment.term);
  }
  return diagram.text();
}
