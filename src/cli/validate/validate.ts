// `raft-sim validate`: what servers logged, as a stream, against every promise that needs no simulator.
//
// A promise is printed with its two facts and their lines; what was not told is printed as well.

import { loggedPromises } from '../../validate/promises.ts';
import { ServerLogReader } from '../../validate/formats.ts';
import { itfHead, itfState } from '../../validate/itf.ts';
import { Validation, type LoggedVerdict } from '../../validate/validate.ts';
import { UsageError } from '../../base/errors.ts';
import { propertyNames } from '../../run/properties.ts';
import { type ExitCode, exits } from '../exit-code.ts';
import type { OutputFlags } from '../run/flags.ts';
import { troubleText, writeWhole } from '../ui/files.ts';
import { messageLines, printable, wrapped } from '../ui/layout.ts';
import { linesOf } from '../ui/lines.ts';
import type { Terminal } from '../ui/terminal.ts';
import { countText } from '../ui/units.ts';
import { version } from '../version.ts';

export interface ValidateFlags extends OutputFlags {
  readonly itf?: string;
  readonly failOn?: string;
}

export async function validateFile(file: string, flags: ValidateFlags, terminal: Terminal): Promise<ExitCode> {
  const name = file === '-' ? 'standard input' : file;
  const reader = new ServerLogReader(name);
  const validation = new Validation();
  const states: object[] = [];
  let number = 0;
  for await (const lines of linesOf(file)) {
    for (const line of lines) {
      for (const event of reader.line(line, ++number)) {
        validation.take(event);
        if (flags.itf !== undefined) states.push(itfState(states.length, Array.from(validation.servers.values())));
      }
    }
  }
  if (validation.events === 0) throw new UsageError(`${name}:1:1: found no event, expected those of servers`);
  if (flags.itf !== undefined) writeItf(flags.itf, name, states);
  const verdicts = validation.verdicts();
  if (flags.json === true) terminal.out.line(JSON.stringify(documentOf(file, validation, verdicts)));
  else terminal.out.lines(textOf(name, validation, verdicts, flags, terminal));
  if (verdicts.some(({ outcome }) => outcome === 'broken')) return exits.violated;
  const isUndecided = verdicts.some(({ outcome }) => outcome !== 'kept');
  return isUndecided && flags.failOn === 'unknown' ? exits.violated : exits.kept;
}

function writeItf(file: string, source: string, states: readonly object[]): void {
  try {
    writeWhole(file, [JSON.stringify({ ...itfHead(source), states }), '\n']);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${troubleText(error)}`);
  }
}

/** Promises that need a simulator, or more than servers tell. */
const notJudged = (): string[] => propertyNames.filter((name) => !(name in loggedPromises));

function textOf(
  name: string,
  { servers, events }: Validation,
  verdicts: readonly LoggedVerdict[],
  flags: ValidateFlags,
  terminal: Terminal,
): string[] {
  const { paint, width } = terminal.out;
  const of = (outcome: LoggedVerdict['outcome']): readonly LoggedVerdict[] =>
    verdicts.filter((verdict) => verdict.outcome === outcome);
  const broken = of('broken');
  const lines = [
    broken.length > 0
      ? `${paint.bad('broken')}: ${broken.map(({ property }) => property).join(', ')}`
      : `${paint.good('no contradiction')}: ${of('kept').length} of ${verdicts.length} promises kept`,
    `  ${printable(name)}: ${countText(events, 'event')} of ${countText(servers.size, 'server')}`,
  ];
  for (const { property, why, lines: places } of broken) {
    lines.push(...messageLines(`  ${property}: ${printable(why)} (${placesText(places)})`, width));
  }
  if (flags.quiet === true) return lines;
  const kept = of('kept').map(({ property }) => property);
  if (kept.length > 0) lines.push(...messageLines(`  kept: ${kept.join(', ')}`, width));
  for (const { property, outcome, why } of [...of('unknown'), ...of('not applicable')]) {
    lines.push(...messageLines(`  ${paint.unsure(outcome)}: ${property}: ${printable(why)}`, width));
  }
  lines.push(...wrapped(`Not judged here: ${notJudged().join(', ')}.`, width - 2).map((line) => `  ${line}`));
  return lines;
}

const placesText = (lines: readonly number[]): string =>
  `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(' and ')}`;

function documentOf(file: string, { servers, events }: Validation, verdicts: readonly LoggedVerdict[]): object {
  const isBroken = verdicts.some(({ outcome }) => outcome === 'broken');
  return {
    schema: 'raft-sim/validate@1',
    version,
    file,
    events,
    servers: Array.from(servers.keys()),
    outcome: isBroken ? 'broken' : 'no contradiction',
    verdicts,
    notJudged: notJudged(),
  };
}
