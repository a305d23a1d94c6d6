// A run in the JSON of Chrome's trace events, which ui.perfetto.dev opens: a thread for each server, slices for roles,
// instants for steps, flows for messages.
//
// Times are virtual microseconds. A story in which no time passes has a millisecond for each step.

import { nodeName, type NodeId } from '../base/ids.ts';
import { nodeOf } from '../sim/step.ts';
import type { Film } from './film.ts';
import { restOfLine } from './picture-words.ts';

interface TraceEvent {
  readonly name: string;
  readonly ph: 'M' | 'X' | 'i' | 's' | 'f';
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly s?: 't';
  readonly bp?: 'e';
  readonly id?: number;
  readonly cat?: string;
  readonly args?: Readonly<Record<string, string | number>>;
}

const PID = 1;
const STEP_MICROS = 1000;

export function perfettoOf({ history, run }: Film): string {
  const isTimeless = run.at === 0;
  const timeOf = (step: number): number =>
    step < 1 ? 0 : isTimeless ? step * STEP_MICROS : history.step(Math.min(step, history.last)).at;
  const end = timeOf(history.last) + STEP_MICROS;
  const events: TraceEvent[] = [
    { name: 'process_name', ph: 'M', pid: PID, tid: 0, args: { name: `raft-sim, seed ${run.plan.seed}` } },
  ];
  for (let node = 0; node < history.servers; node++) {
    const tid = node + 1;
    events.push({ name: 'thread_name', ph: 'M', pid: PID, tid, args: { name: nodeName(node as NodeId) } });
    const moments = history.momentsOf(node);
    let begin = 0;
    for (let i = 1; i <= moments.length; i++) {
      const [now, next] = [moments[begin], moments[i]];
      if (now === undefined) break;
      const isSame = next?.role === now.role && next.term === now.term && next.status === now.status;
      if (next !== undefined && isSame) continue;
      const ts = timeOf(now.step);
      const name = now.status === 'up' ? `${now.role} of term ${now.term}` : now.status;
      events.push({ name, ph: 'X', pid: PID, tid, ts, dur: (next === undefined ? end : timeOf(next.step)) - ts });
      begin = i;
    }
  }
  for (let step = 1; step <= history.last; step++) {
    const node = nodeOf(history.step(step));
    const args = { step, line: restOfLine(history.lines[step] ?? '') };
    const tid = node === undefined ? 0 : node + 1;
    events.push({ name: history.step(step).kind, ph: 'i', s: 't', pid: PID, tid, ts: timeOf(step), args });
  }
  history.flights.forEach(({ message, sentAt, endings }, id) => {
    const flow = { name: message.kind, cat: 'message', id, pid: PID } as const;
    const arrival = endings.find(({ isLost }) => !isLost);
    if (arrival === undefined) return;
    events.push({ ...flow, ph: 's', tid: message.from + 1, ts: timeOf(sentAt) });
    events.push({ ...flow, ph: 'f', bp: 'e', tid: message.to + 1, ts: timeOf(arrival.step) });
  });
  return `${JSON.stringify({ displayTimeUnit: 'ms', traceEvents: events })}\n`;
}
