// The examples for Kubernetes, against Kubernetes' own schema (1.37.0, strict: a key that it does not know is wrong), and
// the commands in them against our own flags.
//
// The schema in test/golden is cut down to the kinds that the examples use, without descriptions and status.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { exits } from '../../src/cli/exit-code.ts';
import { hasRedis, startRedis } from '../support/redis.ts';
import { ended, freshFolder, start } from './binary.ts';

type Child = ReturnType<typeof start>;

const root = fileURLToPath(new URL('../..', import.meta.url));
const textOf = (name: string): string => readFileSync(join(root, name), 'utf8');

interface Definition {
  readonly properties?: Readonly<Record<string, { readonly enum?: readonly string[] }>>;
}
const schema = JSON.parse(textOf('test/golden/kubernetes-1.37.0.json')) as {
  readonly $id: string;
  readonly definitions: Readonly<Record<string, Definition>>;
};
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema(schema);

interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** What is wrong with a resource, a line each. */
function wrongIn(resource: Resource): string[] {
  const isOf = (key: string, word: string, { properties }: Definition): boolean =>
    properties?.[key]?.enum?.includes(word) === true;
  const name = Object.keys(schema.definitions).find((key) => {
    const definition = schema.definitions[key] as Definition;
    return isOf('kind', resource.kind, definition) && isOf('apiVersion', resource.apiVersion, definition);
  });
  if (name === undefined) return [`no kind ${resource.kind} of ${resource.apiVersion}`];
  const validate = ajv.compile({ $ref: `${schema.$id}#/definitions/${name}` });
  return validate(resource) ? [] : (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
}

const resourcesOf = (file: string): Resource[] =>
  parseAllDocuments(textOf(`examples/k8s/${file}`)).map((one) => one.toJS() as Resource);

describe.each(['job.yaml', 'queue.yaml'])('examples/k8s/%s', (file) => {
  it('is what Kubernetes takes', () => {
    const found = resourcesOf(file).map((one) => [one.metadata.name, wrongIn(one)]);
    expect(found.length).toBeGreaterThan(2);
    expect(found).toEqual(found.map(([name]) => [name, []]));
  });
});

it('the schema refuses a misspelt key, a wrong type, and a kind that there is not', () => {
  const [claim] = resourcesOf('job.yaml') as [Resource];
  const spec = { accessModes: 'ReadWriteMany', resorces: {} };
  expect(wrongIn({ ...claim, spec } as Resource)).toEqual([
    '/spec must NOT have additional properties',
    '/spec/accessModes must be array,null',
  ]);
  expect(wrongIn({ ...claim, kind: 'Jop' })).toEqual(['no kind Jop of v1']);
});

describe('examples/k8s/queue.yaml', () => {
  interface Container {
    readonly image: string;
    readonly command?: readonly string[];
    readonly args: readonly string[];
    readonly env?: readonly { readonly name: string; readonly value: string }[];
  }
  interface Workload extends Resource {
    readonly spec: {
      readonly podFailurePolicy?: {
        readonly rules: readonly { readonly onExitCodes?: { readonly values: number[] } }[];
      };
      readonly template: { readonly spec: { readonly containers: readonly [Container] } };
    };
  }
  const named = (name: string): Workload =>
    resourcesOf('queue.yaml').find(({ kind, metadata }) => kind !== 'Service' && metadata.name === name) as Workload;
  const containerOf = (name: string): Container => named(name).spec.template.spec.containers[0];

  /** Runs a container: Kubernetes puts in what is known of `$(NAME)`. */
  function begun({ command = [], args, env = [] }: Container, changed: Readonly<Record<string, string>>): Child {
    const values: Readonly<Record<string, string>> = {
      ...Object.fromEntries(env.map(({ name, value }) => [name, value])),
      ...changed,
    };
    const [program, ...line] = [...command, ...args].map((word) =>
      word.replace(/\$\((\w+)\)/g, (all, name: string) => values[name] ?? all),
    );
    expect([program, line.join(' ')]).toEqual(['raft-sim', expect.not.stringContaining('$(')]);
    return start(line);
  }

  it('agrees with itself, and with the exit codes: only a queue that is not there is tried again', () => {
    const { image } = containerOf('raft-sim-workers');
    expect(containerOf('raft-sim-fuzz').image).toBe(image);
    expect(textOf('Dockerfile')).toContain(`docker build --tag ${image} .`);
    const ours = Object.values(exits).filter((code) => code > 0 && code < 128 && code !== exits.mistake);
    const values = named('raft-sim-fuzz').spec.podFailurePolicy?.rules.flatMap(
      (rule) => rule.onExitCodes?.values ?? [],
    );
    expect(values).toEqual(ours.toSorted((a, b) => a - b));
    const queues = ['raft-sim-workers', 'raft-sim-fuzz'].map((name) => containerOf(name).env?.[0]?.value);
    expect(queues).toEqual(['redis://raft-sim-queue:6379', 'redis://raft-sim-queue:6379']);
  });

  it.skipIf(!hasRedis)('deals to its workers (skipped if redis-server or bullmq is missing)', async () => {
    const redis = await startRedis();
    const worker = containerOf('raft-sim-workers');
    const QUEUE = redis.url;
    const env = { QUEUE, SEEDS: '1..40', REPORTS: freshFolder(), WORKERS: '1' };
    // A worker of a fleet works until it is told to go.
    const working = begun(worker, env);
    const [gone, told] = [ended(working), await ended(begun(containerOf('raft-sim-fuzz'), env))];
    expect(told).toMatchObject({ code: 0 });
    expect(told.out).toContain(' kept by 40 seeds');
    working.kill('SIGTERM');
    expect(await gone).toMatchObject({ code: 143 });
    await redis.stop();
  });
});
