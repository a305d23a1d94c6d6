// What may be done at a moment of a branch: every step that is possible now, made from the table of steps.
//
// A step of the table whose fields are servers, words and flags is tried with each of their values; those that the
// world refuses are left out. Messages and answers are those on their way. Only links and calls need words of their
// own.

import { nodeName, type NodeId } from '../base/ids.ts';
import { stepKinds, stepTable, type LinkEnds, type Step, type StepKind } from '../sim/step.ts';
import type { Field } from '../sim/steps/field.ts';
import { stepInWords } from '../trace/line.ts';
import { messageWords, oneLine } from '../trace/words.ts';
import { faultsUsed, type Branch } from './branch.ts';

export interface PossibleStep {
  readonly step: Step;
  readonly text: string;
  /** Under which it is listed. */
  readonly group: 'messages' | 'servers' | 'clients' | 'links';
}

/** Every step that can be taken now; in the order of the table, messages as they were sent. */
export function possibleSteps(branch: Branch): PossibleStep[] {
  const { director, simulation } = branch;
  const { world } = simulation;
  const found: PossibleStep[] = [];
  const offer = (step: Step, group: PossibleStep['group'], text: string): void => {
    if (director.whyNot(step) === undefined) found.push({ step, group, text });
  };
  for (const { message, number } of director.onTheirWay()) {
    const { from, to } = message;
    const ends = { at: world.now, from, to, number } as const;
    const what = `${nodeName(from)} → ${nodeName(to)} ${message.kind}, term ${message.term}, ${messageWords(message)}`;
    offer({ kind: 'deliver', ...ends }, 'messages', `deliver ${what}`);
    offer({ kind: 'drop', ...ends, reason: 'lost' }, 'messages', `drop ${what}`);
    offer({ kind: 'duplicate', ...ends }, 'messages', `double ${what}`);
  }
  for (const kind of stepKinds) {
    for (const step of ofTable(kind, world.hosts.length, branch)) {
      const around = { message: undefined, answer: undefined, term: undefined, cached: 0, host: undefined };
      const { subject, action, detail } = stepInWords(step, around);
      offer(
        step,
        'servers',
        `${subject} ${action}${kind === 'crash' ? `, ${keptText(step, branch)}` : ''}`.trim() +
          (detail === '' || kind === 'crash' ? '' : `, ${detail}`),
      );
    }
  }
  clients(branch, offer);
  links(branch, offer);
  return found;
}

type Offer = (step: Step, group: PossibleStep['group'], text: string) => void;

function keptText(step: Step, { simulation }: Branch): string {
  if (step.kind !== 'crash') return '';
  const cached = simulation.world.host(step.node).disk.cachedWrites;
  if (cached === 0) return 'nothing cached';
  return step.kept === 0 ? `and loses ${cached} cached writes` : 'and keeps its cached writes';
}

/** Steps of servers of a kind, with every value that its fields can have. */
function ofTable(kind: StepKind, servers: number, { simulation }: Branch): Step[] {
  const { world } = simulation;
  const fields: Readonly<Record<string, Field>> = stepTable[kind].fields;
  if (!('node' in fields) || 'client' in fields) return [];
  let steps: Record<string, unknown>[] = [{ kind, at: world.now }];
  for (const [name, field] of Object.entries(fields)) {
    if (field.isOptional === true) continue;
    steps = steps.flatMap((step) =>
      valuesOf(field, name, servers, step, world.hosts).map((value) => ({ ...step, [name]: value })),
    );
  }
  return steps as unknown as Step[];
}

function valuesOf(
  field: Field,
  name: string,
  servers: number,
  step: Readonly<Record<string, unknown>>,
  hosts: Branch['simulation']['world']['hosts'],
): readonly unknown[] {
  switch (field.type) {
    case 'node':
      return Array.from({ length: servers }, (_, i) => i);
    case 'word':
      return field.words;
    case 'flag':
      return [false];
    case 'whole': {
      if (name !== 'kept') return [field.example];
      const cached = hosts[step['node'] as number]?.disk.cachedWrites ?? 0;
      return cached === 0 ? [0] : [cached, 0];
    }
    case 'change': {
      // Asked of a leader only, one server at a time: whoever votes may leave, whoever does not may come.
      const host = hosts[step['node'] as number];
      if (host === undefined || host.status !== 'up' || host.process.probe.role !== 'leader') return [];
      const { voters } = host.process.probe.configuration;
      return hosts.map(({ id }) =>
        voters.includes(id) ? { voters: [], learners: [], removed: [id] } : { voters: [id], learners: [], removed: [] },
      );
    }
    default:
      return [];
  }
}

/** Calls of new clients, and answers on their way. */
function clients({ director, simulation, history }: Branch, offer: Offer): void {
  const { world } = simulation;
  for (const { answer, number } of director.unanswered()) {
    const step = { kind: 'answer', at: world.now, client: answer.client, number } as const;
    const told = answer.outcome === 'ok' ? `"${oneLine(answer.result)}"` : answer.outcome;
    const what = `the answer ${told} to c${answer.client + 1}`;
    offer({ ...step, lost: false }, 'clients', `${what} arrives`);
    offer({ ...step, lost: true }, 'clients', `${what} is lost`);
  }
  const client = newClient(history.steps);
  for (const { id } of world.hosts) {
    const operation = { kind: 'put', key: 'x', value: `c${client + 1}` } as const;
    const call = { kind: 'call', at: world.now, client, sequence: 1, node: id, operation } as const;
    offer(call as Step, 'clients', `propose put x=${operation.value} to ${nodeName(id)}`);
  }
}

/** A client that has not called yet. */
export function newClient(steps: readonly (Step | undefined)[]): number {
  let most = -1;
  for (const step of steps) if (step !== undefined && 'client' in step) most = Math.max(most, step.client);
  return most + 1;
}

/** A server is cut off, two halves are parted, what is cut is healed. */
function links({ simulation, history }: Branch, offer: Offer): void {
  const { world } = simulation;
  const fault = faultsUsed(history) + 1;
  const nodes = world.hosts.map(({ id }) => id);
  const cut = (shape: string, isApart: (a: NodeId, b: NodeId) => boolean): Step => {
    const ends = nodes.flatMap((a) => nodes.filter((b) => a !== b && isApart(a, b)).map((b): LinkEnds => [a, b]));
    return { kind: 'cut', at: world.now, fault, shape, links: ends };
  };
  for (const node of nodes) {
    offer(
      cut('isolation', (a, b) => a === node || b === node),
      'links',
      `cut ${nodeName(node)} off from all others`,
    );
  }
  if (nodes.length > 2) {
    const half = Math.floor(nodes.length / 2);
    const small = nodes.slice(0, half).map(nodeName).join(' ');
    offer(
      cut('two-way', (a, b) => a < half !== b < half),
      'links',
      `cut ${small} off from the rest`,
    );
  }
  for (const active of world.network.activeFaults) {
    const kind = world.network.isCutFault(active) === true ? 'heal' : 'mend';
    offer({ kind, at: world.now, fault: active }, 'links', `${kind} fault ${active}`);
  }
}
