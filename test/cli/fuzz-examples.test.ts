// The examples for CI and Kubernetes do what they say: their very commands are run here, in their order.
//
// Only what the examples themselves keep in the environment is changed: fewer seeds, less time, another folder. What
// GitHub and Kubernetes would put in (expressions, `$(NAME)`, the index of the pod) is put in the way they do it.

import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { exits } from '../../src/cli/exit-code.ts';
import { ended, freshFolder, raftSim, words, type Ended } from './binary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const exampleText = (name: string): string => readFileSync(join(root, 'examples', name), 'utf8');

type Environment = Readonly<Record<string, string>>;

/** A folder in which raft-sim is installed, with a quicker `npx` that runs what is installed and nothing else. */
function installed(): string {
  const folder = freshFolder();
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules/raft-sim'));
  symlinkSync('../raft-sim/bin/raft-sim.js', join(folder, 'node_modules/.bin/raft-sim'));
  const npx = '#!/bin/sh\nname="$1"\nshift\nexec "$(dirname "$0")/$name" "$@"\n';
  writeFileSync(join(folder, 'node_modules/.bin/npx'), npx, { mode: 0o755 });
  return folder;
}

const shell = (line: string, cwd: string, env: Environment): Promise<Ended> =>
  ended(
    spawn('bash', ['-e', '-o', 'pipefail', '-c', line], {
      cwd,
      env: { ...process.env, CI: 'true', PATH: `${cwd}/node_modules/.bin:${process.env['PATH'] ?? ''}`, ...env },
    }),
  );

describe('examples/ci/github.yml', () => {
  interface WorkflowJob {
    readonly needs?: string;
    readonly env?: Environment;
    readonly strategy?: { readonly matrix: { readonly shard: readonly number[] } };
    readonly steps: readonly { readonly run?: string }[];
  }
  const workflow = parse(exampleText('ci/github.yml')) as {
    readonly env: Environment;
    readonly jobs: Readonly<Record<string, WorkflowJob>>;
  };

  /** What GitHub makes of `${{ … }}`, which here means the same in JavaScript. */
  function evaluated(env: Environment, context: object): Environment {
    const format = (text: string, ...values: unknown[]): string =>
      text.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)]));
    const valueOf = (_: string, expression: string): string =>
      String(runInNewContext(expression, { ...context, format }) as unknown);
    return Object.fromEntries(
      Object.entries(env).map(([name, value]) => [name, value.replace(/\$\{\{(.*?)\}\}/g, valueOf)]),
    );
  }

  /** The commands of a job; what the job needs first is not ours. */
  const commandsOf = ({ steps }: WorkflowJob): string[] =>
    steps.flatMap(({ run }) => (run === undefined || run === 'npm ci' ? [] : [run]));

  async function performed(event: string, changed: Environment): Promise<{ all: Ended[]; folder: string }> {
    const folder = installed();
    mkdirSync(join(folder, 'scenarios/regressions'), { recursive: true });
    copyFileSync(join(root, 'scenarios/paper/votes-of-an-old-term.yaml'), join(folder, 'scenarios/regressions/a.yaml'));
    const all: Ended[] = [];
    const github = { event_name: event, run_number: 7 };
    const done = new Set<string>();
    for (const [name, job] of Object.entries(workflow.jobs)) {
      if (job.needs !== undefined) expect(done).toContain(job.needs);
      done.add(name);
      const shards = (job.strategy?.matrix.shard ?? [0]).slice(0, Number(changed['RAFT_SIM_SHARDS'] ?? Infinity));
      const runs = shards.map(async (shard) => {
        const env = evaluated({ ...workflow.env, ...job.env }, { github, matrix: { shard } });
        const step = { GITHUB_STEP_SUMMARY: join(folder, `${name}.md`) };
        for (const line of commandsOf(job)) all.push(await shell(line, folder, { ...env, ...changed, ...step }));
      });
      await Promise.all(runs);
    }
    return { all, folder };
  }

  it('has as many shards as it says, and the seeds of each mode', () => {
    expect(workflow.jobs['fuzz']?.strategy?.matrix.shard).toHaveLength(Number(workflow.env['RAFT_SIM_SHARDS']));
    const modes = ['pull_request', 'schedule'].map((event_name) =>
      evaluated(workflow.env, { github: { event_name, run_number: 123 } }),
    );
    expect(modes).toMatchObject([
      { SEEDS: '1..20000', TIME_BUDGET: '10m' },
      { SEEDS: '123000000..', TIME_BUDGET: '50m' },
    ]);
  });

  it('a pull request: every shard runs its seeds, and the last job tells of all', async () => {
    const { all, folder } = await performed('pull_request', { SEEDS: '1..150' });
    expect(all.map(({ code, err }) => ({ code, err }))).toEqual(all.map(() => ({ code: 0, err: '' })));
    expect(all).toHaveLength(6);
    expect(all.at(-1)?.out).toMatch(/\n✓ every promise kept by 150 seeds\n/);
    expect(readFileSync(join(folder, 'reports/junit.xml'), 'utf8')).toContain('every promise, 150 seeds');
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toContain('# raft-sim fuzz, seeds 1..150\n');
    expect(existsSync(join(folder, 'fuzz.md'))).toBe(false);
  });

  it('a night: seeds without an end, until the time is over', async () => {
    const { all } = await performed('schedule', { TIME_BUDGET: '200ms', RAFT_SIM_SHARDS: '1' });
    expect(all.map(({ code, err }) => ({ code, err }))).toEqual(all.map(() => ({ code: 0, err: '' })));
    expect(all[1]?.out).toMatch(/^✓ 1 regression, all passed\nraft-sim fuzz · seeds 7000000\.\. · /);
    expect(all.at(-1)?.out).toMatch(/\n✓ every promise kept by \d+ seeds\n$/);
  });
});

describe('examples/k8s/job.yaml', () => {
  interface Container {
    readonly command: readonly string[];
    readonly args: readonly string[];
    readonly env: readonly { readonly name: string; readonly value: string }[];
    readonly volumeMounts: readonly { readonly mountPath: string }[];
  }
  interface JobSpec {
    readonly completions: number;
    readonly completionMode: string;
    readonly podFailurePolicy: { readonly rules: readonly { readonly onExitCodes?: { readonly values: number[] } }[] };
    readonly template: { readonly spec: { readonly containers: readonly [Container] } };
  }
  const [, fuzzJob, reportJob] = parseAllDocuments(exampleText('k8s/job.yaml')).map((one) => one.toJS() as unknown) as [
    unknown,
    { readonly spec: JobSpec },
    { readonly spec: { readonly jobTemplate: { readonly spec: JobSpec } } },
  ];
  const spec = fuzzJob.spec;
  const [fuzz] = spec.template.spec.containers;
  const [report] = reportJob.spec.jobTemplate.spec.template.spec.containers;
  const envOf = ({ env }: Container): Environment => Object.fromEntries(env.map(({ name, value }) => [name, value]));

  /** Runs a container: Kubernetes puts in what is known of `$(NAME)`, and leaves the rest as it is. */
  function run(container: Container, changed: Environment): Promise<Ended> {
    const env = { ...envOf(container), ...changed };
    const line = [...container.command, ...container.args].map((word) =>
      word.replace(/\$\((\w+)\)/g, (all, name: string) => env[name] ?? all),
    );
    const [program, ...rest] = line;
    expect(program).toBe('raft-sim');
    expect(line.join(' ')).not.toContain('$(');
    return raftSim(rest, { env });
  }

  it('agrees with itself, and with the exit codes', () => {
    const env = envOf(fuzz);
    expect(spec.completionMode).toBe('Indexed');
    expect(env['RAFT_SIM_SHARDS']).toBe(String(spec.completions));
    for (const container of [fuzz, report]) {
      expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toEqual([envOf(container)['REPORTS']]);
    }
    const ours = Object.values(exits).filter((code) => code > 0 && code < 128);
    const values = spec.podFailurePolicy.rules.flatMap(({ onExitCodes }) => onExitCodes?.values ?? []);
    expect(values).toEqual(ours.toSorted((a, b) => a - b));
  });

  it('every pod runs its seeds, a second one in its place finds nothing to do, and the report is that of one machine', async () => {
    const REPORTS = freshFolder();
    const SEEDS = '1..140';
    const pod = (index: number): Promise<Ended> => run(fuzz, { REPORTS, SEEDS, JOB_COMPLETION_INDEX: String(index) });
    const all = await Promise.all(Array.from({ length: spec.completions }, (_, index) => pod(index)));
    expect(all.map(({ code, err }) => ({ code, err }))).toEqual(all.map(() => ({ code: 0, err: '' })));
    expect((await pod(0)).out).toContain('going on behind 44 seeds');
    const merged = await run(report, { REPORTS });
    expect(merged).toMatchObject({ code: 0, err: '' });
    const single = await raftSim(words(`fuzz --seeds ${SEEDS} --json`));
    expect(readFileSync(join(REPORTS, 'merged/report.json'), 'utf8')).toBe(single.out);
  });
});
