// A run as a log of ShiViz: each event on one line, its host and its vector clock on the next.
//
// Its parser is the default one, `(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`. Steps of servers and of clients are
// events; what only decides when others come has no host, and is left out.

import { clientName, nodeName } from '../base/ids.ts';
import { nodeOf, type Step } from '../sim/step.ts';
import type { History } from './history.ts';
import { restOfLine } from './picture-words.ts';

type Clock = Readonly<Record<string, number>>;

export function shivizOf(history: History): string {
  const lines: string[] = [];
  const latest = new Map<string, Clock>();
  const ofStep = new Map<number, Clock>();
  for (let number = 1; number <= history.last; number++) {
    const step = history.step(number);
    const host = hostOf(step);
    if (host === undefined) continue;
    const cause = history.flight(number)?.sentAt ?? history.answer(number)?.sentAt;
    const caller = step.kind === 'call' ? latest.get(clientName(step.client)) : undefined;
    const clock = ticked(host, latest.get(host), cause === undefined ? caller : ofStep.get(cause));
    latest.set(host, clock);
    ofStep.set(number, clock);
    lines.push(restOfLine(history.lines[number] ?? ''), `${host} ${JSON.stringify(clock)}`);
  }
  return `${lines.join('\n')}\n`;
}

function hostOf(step: Step): string | undefined {
  const node = nodeOf(step);
  if (node !== undefined) return nodeName(node);
  return 'client' in step ? clientName(step.client) : undefined;
}

/** The clock of a host after one more event of its own that knows of another. */
function ticked(host: string, own: Clock = {}, other: Clock = {}): Clock {
  const clock: Record<string, number> = { ...own };
  for (const [name, count] of Object.entries(other)) clock[name] = Math.max(clock[name] ?? 0, count);
  clock[host] = (own[host] ?? 0) + 1;
  return clock;
}
