// `raft-sim shrink`: from a failing run, trace or scenario to the shortest scenario that breaks the same promise.
//
// The search rests after every try, so that progress, signals and the budget get their turn; when it is stopped, the
// best so far is written and said to be just that. The scenario is printed as it stands in the file: it is the proof.

import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { UsageError } from '../../base/errors.ts';
import { Shrinking, type Shrunk } from '../../shrink/shrink.ts';
import { externalsIn, stepsIn } from '../../shrink/candidate.ts';
import { deliveriesIn } from '../../shrink/moves.ts';
import { companionSentences } from '../../run/node-options.ts';
import type { PropertyName } from '../../run/properties.ts';
import { Defect } from '../defect.ts';
import { type ExitCode, exitCodeOfBroken, exitCodeOfSignal, exits } from '../exit-code.ts';
import { troubleText, writeWhole } from '../ui/files.ts';
import { Interruption } from '../ui/interrupt.ts';
import { factLines, row, rowWhole, SCENARIO_LINES_MAX, tooLongText } from '../ui/layout.ts';
import { Progress, progressMode } from '../ui/progress.ts';
import { failingRun, type FailingRun, type ShrinkFlags } from './shrink-input.ts';
import { companionLines, shapeOf } from '../ui/summary.ts';
import type { Terminal } from '../ui/terminal.ts';
import { countText, groupDigits, realTimeText } from '../ui/units.ts';
import { version } from '../version.ts';
import { programWords, shellText } from '../run/input.ts';

const HEAD = { schema: 'raft-sim/shrink@1', version };

/** How often the terminal and the signals get their turn, in real milliseconds. */
const TURN_EVERY = 30;

export async function shrink(file: string | undefined, flags: ShrinkFlags, terminal: Terminal): Promise<ExitCode> {
  return new ShrinkCommand(file, flags, terminal).perform();
}

class ShrinkCommand {
  private readonly file: string | undefined;
  private readonly flags: ShrinkFlags;
  private readonly terminal: Terminal;
  private readonly clock = (): number => performance.now();
  private readonly interruption: Interruption;
  private readonly progress: Progress;
  private readonly program: readonly string[];

  constructor(file: string | undefined, flags: ShrinkFlags, terminal: Terminal) {
    const { err, env } = terminal;
    this.file = file;
    this.flags = flags;
    this.terminal = terminal;
    this.program = programWords(process.argv[1], process.cwd(), process.env['npm_command']);
    this.progress = new Progress(err, progressMode(err, env, flags.quiet === true), this.clock);
    this.interruption = new Interruption((signal) => {
      err.line(`\n${signal}: stopping; the best so far is kept. Once more stops at once.`);
    });
  }

  async perform(): Promise<ExitCode> {
    try {
      return await this._perform();
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new Defect(shellText([...this.program, 'shrink', this.file ?? '']), error);
    } finally {
      this.progress.stop();
      this.interruption.release();
    }
  }

  private async _perform(): Promise<ExitCode> {
    const { out } = this.terminal;
    const means = { interruption: this.interruption, progress: this.progress, clock: this.clock };
    const failing = await failingRun(this.file, this.flags, means);
    const { signal } = this.interruption;
    if (failing === undefined) {
      const outcome = signal === undefined ? 'nothing is broken: there is nothing to shrink' : 'interrupted';
      out.line(this.flags.json === true ? JSON.stringify({ ...HEAD, property: null, outcome }) : outcome);
      return signal === undefined ? exits.kept : exitCodeOfSignal(signal);
    }
    const begun = this.clock();
    const end = begun + this.flags.shrinkTime / 1000;
    const isOver = (): boolean => this.interruption.signal !== undefined || this.clock() > end;
    const shrinking = new Shrinking({ ...failing, isOver });
    const shrunk = await this.drive(shrinking);
    this.progress.stop();
    const path = this.write(failing, shrunk);
    await this.writePage(shrunk.text, path);
    const facts = { failing, shrunk, path, replays: shrinking.search.replays, millis: this.clock() - begun };
    if (this.flags.json === true) out.line(JSON.stringify(this.json(facts)));
    else this.print(facts);
    if (this.interruption.signal !== undefined) return exitCodeOfSignal(this.interruption.signal);
    return exitCodeOfBroken([failing.target]);
  }

  private async drive(shrinking: Shrinking): Promise<Shrunk> {
    const { search } = shrinking;
    const phase = (): string => {
      const { environment } = search.best;
      const standing = `${countText(stepsIn(search.best), 'step')} on ${countText(environment.plan.nodes, 'server')}`;
      return `${search.phase} · ${standing} · ${countText(search.replays, 'replay')}`;
    };
    const steps = shrinking.run();
    let next = this.clock() + TURN_EVERY;
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      if (this.clock() < next) continue;
      await this.progress.tick(phase);
      await setImmediate();
      next = this.clock() + TURN_EVERY;
    }
  }

  private write({ target, slug }: FailingRun, { text }: Shrunk): string {
    const path = this.flags.output ?? this.usualPath(target, slug);
    try {
      writeWhole(path, [text]);
    } catch (error) {
      this.terminal.out.write(text);
      throw new UsageError(`cannot write ${path}: ${troubleText(error)}; the scenario stands above`);
    }
    return path;
  }

  /** What `--html` asks for: the page of the shrunk scenario. */
  private async writePage(text: string, path: string): Promise<void> {
    const { html } = this.flags;
    if (html === undefined) return;
    const [{ writePage }, { playedRun }] = await Promise.all([
      import('../view/report-page.ts'),
      import('../view/view-input.ts'),
    ]);
    writePage(html, playedRun(text, path, {}));
  }

  /** Beside the file that was shrunk; what came from elsewhere is kept among the reports. */
  private usualPath(target: PropertyName, slug: string): string {
    const file = this.file;
    if (file === undefined || file === '-') return join(this.flags.reports, `${target}-${slug}.yaml`);
    const name = basename(file).replace(/(\.trace)?\.(ndjson|jsonl?|ya?ml)$/, '');
    return join(dirname(file), `${name}.shrunk.yaml`);
  }

  private print({ failing, shrunk, path, replays, millis }: ShrinkFacts): void {
    const { out } = this.terminal;
    const { candidate, text, proof, difference } = shrunk;
    const shape = shapeOf(out);
    const { moves, environment } = candidate;
    const size = `${countText(stepsIn(candidate), 'step')} on ${countText(environment.plan.nodes, 'server')}`;
    const before = `${groupDigits(failing.steps.length)} on ${groupDigits(failing.plan.nodes)}`;
    const facts = [`✗ ${failing.target} broken in ${size}`, `it was ${before}`, failing.from];
    out.lines(factLines(facts, out.lineWidth, (head) => out.paint.bad(head)));
    out.lines(companionLines(environment.plan, shape));
    if (this.flags.quiet !== true) {
      const lines = text.slice(text.indexOf('\nsteps:\n') + 1, text.lastIndexOf('expect:')).split('\n');
      const painted = lines.map((line) => (line.trimStart().startsWith('#') ? out.paint.faint(line) : line));
      if (painted.length <= SCENARIO_LINES_MAX) out.lines(['', ...painted.slice(1, -1), '']);
      else out.lines(row(shape, 'scenario', tooLongText(lines.length)));
      const [deliveries, external] = [deliveriesIn(moves), externalsIn(candidate)];
      const events = `${countText(deliveries, 'delivery', 'deliveries')}, ${countText(external, 'external event')}`;
      const rest = stepsIn(candidate) - deliveries - external;
      out.lines(row(shape, 'steps', rest === 0 ? events : `${events}, ${countText(rest, 'write')} by hand`));
      const speed = millis > 0 ? `, ${groupDigits((replays * 1000) / millis)} a second` : '';
      out.lines(row(shape, 'search', `${countText(replays, 'replay')} in ${realTimeText(millis)}${speed}`));
    }
    out.lines(row(shape, 'proof', proofText(proof, stepsIn(candidate))));
    if (difference !== undefined) out.lines(row(shape, 'rule', difference.sentence));
    out.lines(rowWhole(shape, 'written', path));
    if (this.flags.html !== undefined) out.lines(rowWhole(shape, 'page', this.flags.html));
    out.lines(rowWhole(shape, 'replay', shellText([...this.program, 'scenario', 'run', path])));
  }

  private json({ failing, shrunk, path, replays, millis }: ShrinkFacts): object {
    const { moves, environment } = shrunk.candidate;
    return {
      ...HEAD,
      from: failing.from,
      property: failing.target,
      variant: environment.plan.variant,
      companions: companionSentences(environment.plan),
      before: { steps: failing.steps.length, nodes: failing.plan.nodes },
      steps: stepsIn(shrunk.candidate),
      deliveries: deliveriesIn(moves),
      externalEvents: externalsIn(shrunk.candidate),
      nodes: environment.plan.nodes,
      shape: shrunk.shape,
      minimal: shrunk.proof.isMinimal,
      difference: shrunk.difference ?? null,
      replays,
      realMillis: Math.round(millis),
      file: path,
      command: shellText(['raft-sim', 'scenario', 'run', path]),
    };
  }
}

interface ShrinkFacts {
  readonly failing: FailingRun;
  readonly shrunk: Shrunk;
  readonly path: string;
  readonly replays: number;
  readonly millis: number;
}

function proofText({ isMinimal, removed }: Shrunk['proof'], steps: number): string {
  if (isMinimal) {
    return steps === 1
      ? 'its one step was removed: the failure is gone'
      : `each of the ${steps} steps was removed alone: the failure is gone every time`;
  }
  const tried =
    removed === 0 ? 'no step was tried alone' : `${removed} of ${steps} steps were needed when removed alone`;
  return `none: the time was up (--shrink-time), this is the best so far; ${tried}`;
}
