// The file as a whole: the zod schema that is the only definition of the language.
//
// Types, the checks of wrong input, the JSON Schema for editors and the reference page all come from here and from the
// tables that it is made of.

import * as z from 'zod';
import { presetWords } from '../../run/node-options.ts';
import { propertyNames } from '../../run/properties.ts';
import { UsageError } from '../../base/errors.ts';
import { UnknownWordError } from '../../run/checked.ts';
import { NODES_MAX, SEED_LENGTH_MAX } from '../../run/plan.ts';
import { parameterNames, parameterTable } from '../../sim/parameters.ts';
import { variantNames } from '../../zoo/variant.ts';
import { conditionShape, conditionsSchema } from '../conditions/conditions.ts';
import { parseSizes } from '../syntax/grammar.ts';
import { durationValue, log, nodes, oneOrMore, parameters, read, selector, whole } from '../syntax/values.ts';
import { modifierFields } from '../verbs/modifiers.ts';
import { byHandWords } from '../verbs/verb.ts';
import { verbNames, verbTable, type VerbName, type VerbValue } from '../verbs/verbs.ts';
import { faults } from '../verbs/window.ts';
import { nodeOptions } from './node-options.ts';

/** A step as it was written: one verb, and what may stand beside it. */
export type RawStep = { readonly [verb in VerbName]?: VerbValue<verb> | undefined } & {
  readonly as?: string | undefined;
  readonly at?: string | number | undefined;
  readonly effects?: number | undefined;
  readonly optional?: boolean | undefined;
  readonly do?: readonly (RawStep | VerbName)[] | undefined;
};

const bareVerbs = verbNames.filter((verb) => verbTable[verb].alone !== undefined);
/** A verb that stands alone, with its usual value. */
const bareVerb = z
  .string()
  .superRefine(
    read((word: string) => {
      const verb = verbNames.find((one) => one === word);
      if (verb === undefined) throw new UnknownWordError('verb', word, verbNames);
      if (bareVerbs.includes(verb)) return;
      throw new UsageError(
        `${word} does not stand alone, expected it with a value such as: ${verbTable[verb].example}`,
      );
    }),
  )
  .meta({ title: 'bare verb', enum: bareVerbs });

const nestingVerbs: readonly string[] = verbNames.filter((verb) => verbTable[verb].nests === true);

export const verbsOf = (step: object): VerbName[] => verbNames.filter((verb) => Object.hasOwn(step, verb));

/** A step as a mapping; a verb that stands alone means its usual value. */
export function fullStep(step: RawStep | VerbName): RawStep {
  return typeof step === 'string' ? { [step]: verbTable[step].alone } : step;
}

const verbFields = Object.fromEntries(
  verbNames.map((verb) => [verb, verbTable[verb].schema.optional().describe(verbTable[verb].meaning)]),
);

const stepMapping: z.ZodType = z.lazy(() =>
  z
    .strictObject({ ...verbFields, ...modifierFields, do: steps.optional().describe('the steps that are repeated') })
    .superRefine((step, context) => {
      const found = verbsOf(step);
      if (found.length === 0) {
        context.addIssue({
          code: 'custom',
          message: 'a step without a verb, expected one such as run, deliver or expect',
        });
      } else if (found.length > 1) {
        const verbs = found.join(' and ');
        context.addIssue({
          code: 'custom',
          message: `two steps in one item: ${verbs}; give each a line with a - of its own`,
        });
      } else {
        const isNesting = nestingVerbs.includes(found[0] ?? '');
        if (isNesting !== Object.hasOwn(step, 'do')) {
          const message = isNesting
            ? `${found[0]} has no steps, expected do: with a list`
            : `do: belongs to ${nestingVerbs.join(', ')}, not to ${found[0]}`;
          context.addIssue({ code: 'custom', message });
        }
      }
    }),
);

const steps: z.ZodType<readonly (RawStep | VerbName)[]> = z
  .lazy(() =>
    z
      .array(z.union([bareVerb, stepMapping]))
      .min(1)
      .max(100_000),
  )
  .meta({ id: 'steps', description: 'steps, one after the other' }) as z.ZodType<readonly (RawStep | VerbName)[]>;

const parametersOf = (...groups: readonly string[]) =>
  z.strictObject(parameters(parameterNames.filter((one) => groups.includes(parameterTable[one].group))));

const diskContents = z.strictObject({
  term: whole(0, 1_000_000_000).optional().describe('currentTerm; the term of the last entry if it is left out'),
  vote: z
    .union([z.literal('nobody'), selector])
    .optional()
    .describe('votedFor'),
  log: log.optional(),
});

const cluster = z.strictObject({
  nodes: z
    .union([
      whole(1, NODES_MAX),
      z.string().superRefine(read((text: string) => parseSizes(text, NODES_MAX))),
      z
        .strictObject({ default: whole(1, NODES_MAX), from: whole(1, NODES_MAX), to: whole(1, NODES_MAX) })
        .refine(
          ({ default: usual, from, to }) => from <= usual && usual <= to,
          'expected a default between from and to',
        ),
    ])
    .optional()
    .describe('servers (default: 3); of a range such as 3 to 5, or { default: 5, from: 3, to: 7 }, --nodes may choose'),
  spares: whole(0, NODES_MAX - 1)
    .optional()
    .describe('how many of them, the last ones, start empty, as members of nothing (default: 0)'),
  preset: z.enum(presetWords).optional().describe('options of the node that go together (default: none of these)'),
  node: nodeOptions.optional().describe('options of the node, see below'),
  timing: parametersOf('timing', 'network', 'disk').optional().describe('timeouts, delays, disks'),
  start: z.record(selector, diskContents).optional().describe('what is on the disks before the first boot'),
  byHand: z
    .array(z.enum(byHandWords))
    .optional()
    .describe('what does not happen by itself between two windows of time'),
});

const fileSchema = z.strictObject({
  name: z.string().min(1).max(100).describe('what the story is called'),
  why: z.string().min(10).max(4000).describe('what it shows, with its source'),
  cluster: cluster.optional(),
  seed: z
    .union([z.string().min(1).max(SEED_LENGTH_MAX), z.number().int()])
    .optional()
    .describe('what random parts are drawn from (default: 1)'),
  variant: z.enum(variantNames).optional().describe('the named bug of the node'),
  system: z.string().min(1).max(1000).optional().describe('another Raft that is played, as --system takes it'),
  catches: z
    .union([z.enum(variantNames), z.array(z.enum(variantNames)).min(1)])
    .optional()
    .describe('variants under which this scenario fails'),
  strict: z
    .boolean()
    .optional()
    .describe('a step that cannot be taken is a failure (default: true; recorded and shrunk files say false)'),
  groups: z.record(z.string(), nodes).optional().describe('names for nodes'),
  faults: faults.optional().describe('faults that are drawn in every window of time'),
  workload: parametersOf('clients').optional().describe('clients that call while time runs'),
  promises: z.array(z.enum(propertyNames)).min(1).optional().describe('check only these promises'),
  never: oneOrMore(conditionsSchema).optional().describe('conditions that must not hold after any step'),
  steps: steps.optional().describe('what happens, one step after the other'),
  eventually: oneOrMore(z.strictObject({ ...conditionShape, within: durationValue }))
    .optional()
    .describe('what must come true behind the last step'),
  expect: conditionsSchema.optional().describe('what must be so at the end'),
});

/** Without steps, and without time in which something must come true, nothing happens that could be expected. */
export const scenarioSchema = fileSchema.superRefine(({ steps: list, eventually }, context) => {
  if (list !== undefined || eventually !== undefined) return;
  const message = 'expected a list of steps: without one nothing happens';
  context.addIssue({ code: 'custom', path: ['steps'], message });
});

export type RawScenario = z.infer<typeof scenarioSchema>;
