// `raft-sim explore --around FILE --changes K`: all schedules within a few changes of a replay.
//
// The replay is a scenario; `--variant none` asks what the correct node does in its place.

import { setImmediate } from 'node:timers/promises';
import { UsageError } from '../../base/errors.ts';
import { Surroundings, type AroundResult } from '../../explore/around.ts';
import { isPropertyName, type PropertyName } from '../../run/properties.ts';
import { makePlan } from '../../run/plan.ts';
import { nearest } from '../../run/nearest.ts';
import { planOfScenario, readScenario } from '../../scenario/load.ts';
import { playOf } from '../../shrink/proof.ts';
import { type ExitCode, exits } from '../exit-code.ts';
import { readText } from '../ui/files.ts';
import { messageLines } from '../ui/layout.ts';
import type { Terminal } from '../ui/terminal.ts';
import { countText, groupDigits } from '../ui/units.ts';

export interface AroundFlags {
  readonly around: string;
  readonly changes: number;
  readonly variant?: string;
  readonly maxMillis: number;
  readonly failOn?: string;
}

export async function exploreAround(flags: AroundFlags, terminal: Terminal): Promise<ExitCode> {
  const { around: file, changes, maxMillis } = flags;
  const scenario = readScenario(await readText(file), { file, nearest });
  const plan = planOfScenario(scenario, {});
  const { run, steps } = playOf(scenario);
  const broken = run.violation?.property;
  const target: PropertyName = broken !== undefined && isPropertyName(broken) ? broken : 'election-safety';
  const variant = flags.variant === undefined ? plan.variant : flags.variant === 'none' ? null : flags.variant;
  const { seed, nodes, node, system, properties, disks } = plan;
  const as = makePlan({ seed, nodes, profile: 'calm', node, variant, system, properties, disks });
  const search = new Surroundings(plan, steps, target, as);
  const result = await within(search, changes, maxMillis);
  if (result.tried[0] === 0) throw new UsageError(`${file} has no step that can be taken`);
  terminal.out.lines(textOf(file, changes, broken, result, terminal));
  const hasBroken = Array.from(result.broke.keys()).some((name) => name !== 'none');
  if (hasBroken) return exits.violated;
  return !result.isWhole && flags.failOn === 'unknown' ? exits.violated : exits.kept;
}

async function within(search: Surroundings, changes: number, maxMillis: number): Promise<AroundResult> {
  const begun = performance.now();
  const work = search.run(changes);
  for (let pieces = 1; ; pieces++) {
    const piece = work.next();
    if (piece.done === true) return piece.value;
    if (pieces % 100 === 0) await setImmediate(); // a signal is heard
    if (performance.now() - begun > maxMillis) return search.result(false);
  }
}

function textOf(
  file: string,
  changes: number,
  broken: string | undefined,
  { tried, broke, isWhole }: AroundResult,
  terminal: Terminal,
): string[] {
  const { paint, width } = terminal.out;
  const all = tried.reduce((sum, count) => sum + count, 0);
  const kept = broke.get('none') ?? 0;
  const head = kept === all ? paint.good('clean') : paint.bad('broken');
  const itself = broken === undefined ? 'keeps every promise' : `breaks ${broken}`;
  const lines = [
    `${head}: ${countText(all, 'schedule')} within ${countText(changes, 'change')} of ${file}, which ${itself}`,
    `  by changes: ${tried.map(groupDigits).join(', ')}${isWhole ? '' : '; not all were tried (--max-time)'}`,
    `  ${groupDigits(kept)} keep every promise`,
  ];
  const others = Array.from(broke).filter(([name]) => name !== 'none');
  for (const [name, count] of others.toSorted((a, b) => b[1] - a[1])) {
    lines.push(`  ${groupDigits(count)} break ${name}`);
  }
  return lines.flatMap((line) => messageLines(line, width));
}
