// What GitHub reads: the workflows, the issue forms and the addresses in package.json say what they should.
//
// Workflows are held against the published schema. Issue forms have none, so that their rules are written down here,
// written by hand: no schema of theirs was at hand. Nothing is asked of the network.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { validateWorkflow } from '@action-validator/core';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { defectLines } from '../../src/cli/defect.ts';
import { issuesUrl } from '../../src/cli/version.ts';
import { propertyNames } from '../../src/run/properties.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(ROOT + path, 'utf8');
const filesIn = (folder: string): string[] => readdirSync(ROOT + folder).map((name) => `${folder}/${name}`);

interface Manifest {
  readonly engines: { readonly node: string };
  readonly homepage: string;
  readonly bugs: { readonly url: string };
  readonly repository: { readonly type: string; readonly url: string };
}

const manifest = JSON.parse(read('package.json')) as Manifest;

describe('workflows', () => {
  it.each([...filesIn('.github/workflows'), 'examples/ci/github.yml'])('%s fits the schema', (path) => {
    expect(validateWorkflow(read(path)).errors).toEqual([]);
  });

  it('a misspelt key does not', () => {
    const misspelt = read('.github/workflows/ci.yml').replace('timeout-minutes', 'timeout-minute');
    expect(JSON.stringify(validateWorkflow(misspelt).errors)).toContain('timeout-minute');
  });

  it('CI runs .ci/run on every push and pull request, on Linux, with the oldest Node, and comes to an end', () => {
    const { on, jobs } = parse(read('.github/workflows/ci.yml')) as {
      readonly on: object;
      readonly jobs: Readonly<Record<string, Job>>;
    };
    interface Job {
      readonly 'runs-on': string;
      readonly 'timeout-minutes': number;
      readonly steps: readonly { readonly uses?: string; readonly with?: object; readonly run?: string }[];
    }
    expect(Object.keys(on)).toEqual(['push', 'pull_request']);
    expect(Object.keys(jobs)).toEqual(['check']);
    const job = jobs['check'] as Job;
    expect(job['runs-on']).toBe('ubuntu-latest');
    const limit = /LIMIT=\$\(\((\d+) \* 60\)\)/.exec(read('.ci/run'))?.[1];
    expect(job['timeout-minutes']).toBeGreaterThan(Number(limit));
    expect(job.steps.at(-1)).toEqual({ run: 'bash .ci/run' });
    const oldest = Number(/^>=(\d+)/.exec(manifest.engines.node)?.[1]);
    const setup = job.steps.find(({ uses }) => uses?.startsWith('actions/setup-node@') === true);
    expect(setup?.with).toEqual({ 'node-version': oldest, cache: 'npm' });
  });
});

interface FormField {
  readonly type: string;
  readonly id?: string;
  readonly attributes: {
    readonly label?: string;
    readonly value?: string;
    readonly placeholder?: string;
    readonly options?: readonly string[];
  };
  readonly validations?: { readonly required: boolean };
}

interface IssueForm {
  readonly name?: string;
  readonly description?: string;
  readonly labels?: readonly string[];
  readonly body?: readonly FormField[];
}

const FORM_KEYS = ['name', 'description', 'title', 'labels', 'assignees', 'projects', 'type', 'body'];

/** What GitHub would refuse of an issue form. */
function formProblems(form: IssueForm): string[] {
  const problems = Object.keys(form).filter((key) => !FORM_KEYS.includes(key));
  if ((form.name ?? '') === '') problems.push('no name');
  if ((form.description ?? '') === '') problems.push('no description');
  const body = form.body ?? [];
  if (!body.some(({ type }) => type !== 'markdown')) problems.push('no field to fill in');
  const ids = body.flatMap(({ id }) => id ?? []);
  if (new Set(ids).size !== ids.length) problems.push('two fields of one id');
  const labels = body.flatMap(({ attributes }) => attributes.label ?? []);
  if (new Set(labels).size !== labels.length) problems.push('two fields of one label');
  for (const { type, id = '', attributes } of body) {
    if (!['markdown', 'textarea', 'input', 'dropdown', 'checkboxes'].includes(type)) problems.push(`type ${type}`);
    if (type === 'markdown' ? attributes.value === undefined : attributes.label === undefined) {
      problems.push(`${type} ${id} without a text`);
    }
    if (type !== 'markdown' && !/^[\w-]+$/.test(id)) problems.push(`the id '${id}'`);
    if (type === 'dropdown' && new Set(attributes.options).size !== attributes.options?.length) {
      problems.push(`the options of ${id}`);
    }
  }
  return problems;
}

describe('issue forms', () => {
  const forms = filesIn('.github/ISSUE_TEMPLATE').filter((path) => !path.endsWith('/config.yml'));
  const form = (name: string): IssueForm => parse(read(`.github/ISSUE_TEMPLATE/${name}.yml`)) as IssueForm;
  const fieldOf = (name: string, id: string): FormField['attributes'] | undefined =>
    form(name).body?.find((field) => field.id === id)?.attributes;

  it.each(forms)('%s is one that GitHub takes', (path) => {
    expect(formProblems(parse(read(path)) as IssueForm)).toEqual([]);
  });

  it('one that GitHub refuses is noticed', () => {
    const field: FormField = { type: 'texarea', attributes: {} };
    expect(formProblems({ name: 'A', body: [field] })).toEqual([
      'no description',
      'type texarea',
      'texarea  without a text',
      "the id ''",
    ]);
  });

  it('a defect is reported with the text of exit code 70', () => {
    const shown = fieldOf('defect', 'output')?.placeholder ?? '';
    const [first, , request] = defectLines('…', 'raft-sim run --seed 42 --nodes 5');
    expect(first).toBe('raft-sim: a defect of raft-sim itself: …');
    expect(request).toContain('Please open an issue at https://');
    for (const line of [first, request]) expect(shown).toContain(line);
  });

  it('a finding names the promise that breaks, of those that there are', () => {
    expect(fieldOf('finding', 'property')?.options?.toSorted()).toEqual(['not known', ...propertyNames].toSorted());
  });

  it('there is a template for pull requests', () => {
    expect(existsSync(`${ROOT}.github/PULL_REQUEST_TEMPLATE.md`)).toBe(true);
  });
});

describe('addresses', () => {
  it('are those of one repository', () => {
    const home = manifest.homepage.replace(/#readme$/, '');
    expect(manifest.repository).toEqual({ type: 'git', url: `git+${home}.git` });
    expect(manifest.bugs).toEqual({ url: `${home}/issues` });
    expect(issuesUrl).toBe(manifest.bugs.url);
  });
});
