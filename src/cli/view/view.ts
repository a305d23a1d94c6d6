// `raft-sim view`: a run as a page that opens by a double-click, in the terminal, or as a file for another program.
//
// The page repeats the run by itself. What it is made of is checked here first, so that a page that is written opens.

import { spawn } from 'node:child_process';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../../base/errors.ts';
import { oneOf } from '../../run/checked.ts';
import { exportTable } from '../../view/exports.ts';
import { factsOf } from '../../view/facts.ts';
import type { Film } from '../../view/film.ts';
import { type ExitCode, exitCodeOfSignal, exits } from '../exit-code.ts';
import { Interruption } from '../ui/interrupt.ts';
import { Progress, progressMode } from '../ui/progress.ts';
import type { Terminal } from '../ui/terminal.ts';
import { version } from '../version.ts';
import { writePage, writeText } from './report-page.ts';
import { terminalView } from './terminal-view.ts';
import { filmOfText, viewedRun, type ViewedRun, type ViewFlags } from './view-input.ts';

export async function view(file: string | undefined, flags: ViewFlags, terminal: Terminal): Promise<ExitCode> {
  const { err, env, out } = terminal;
  const clock = (): number => performance.now();
  const interruption = new Interruption((signal) => err.line(`\n${signal}: stopping. Once more stops at once.`));
  const progress = new Progress(err, progressMode(err, env, flags.quiet === true), clock);
  try {
    const seen = await viewedRun(file, flags, { interruption, progress, clock });
    progress.stop();
    if (seen === undefined) return exitCodeOfSignal(interruption.signal ?? 'SIGINT');
    const film = filmOfText(seen.trace, seen.title);
    if (flags.export !== undefined) return exported(seen, film, flags, terminal);
    if (flags.terminal === true) {
      interruption.release();
      return await terminalView(film, terminal, process.stdin);
    }
    const path = flags.out ?? usualPath(file, flags, seen);
    writePage(path, seen);
    if (flags.quiet !== true) out.line(`wrote ${path}`);
    if (flags.open && out.isTerminal) open(path);
    return exits.kept;
  } finally {
    progress.stop();
    interruption.release();
  }
}

function exported(seen: ViewedRun, film: Film, flags: ViewFlags, { out }: Terminal): ExitCode {
  const names = exportTable.map(({ name }) => name);
  const wanted = oneOf('format', flags.export ?? '', names);
  const row = exportTable.find(({ name }) => name === wanted);
  if (row === undefined) return exits.mistake;
  const { last } = film.history;
  const { from = 1, to = last } = flags;
  if (!(from >= 1 && from <= to && to <= last)) {
    throw new UsageError(`--from ${from} --to ${to} is no range of steps, expected one within 1 to ${last}`);
  }
  const { violation } = film.run;
  const facts = violation === undefined ? [] : factsOf(film.history, violation);
  const text = row.make({ film, facts, from, to, isFolded: false, title: seen.title, version });
  if (flags.out === undefined) out.write(text);
  else {
    writeText(flags.out, text);
    out.line(`wrote ${flags.out}`);
  }
  return exits.kept;
}

/** Beside the file that is seen; what came from elsewhere is kept among the reports. */
function usualPath(file: string | undefined, { reports, seed }: ViewFlags, { title }: ViewedRun): string {
  if (file === undefined || file === '-') {
    const slug = (seed ?? title)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 40);
    return join(reports, `run-${slug}.html`);
  }
  return join(dirname(file), `${basename(file).replace(/(\.trace)?\.(ndjson|jsonl?|ya?ml)$/, '')}.html`);
}

/** Asks the desktop to open it; where there is none, nothing happens. */
function open(path: string): void {
  const url = pathToFileURL(resolve(path)).href;
  const [program, words] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['cmd', ['/c', 'start', '', url]]
        : ['xdg-open', [url]];
  const child = spawn(program, words, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
