// The plan of a trace, which may have been written by another version or by hand: checked like any other plan, with the
// place in the file of whatever is wrong in it.
//
// A plan's own checks know fields and no files. What they complain about is looked up in the text: the field that they
// name, or the word.

import { UsageError } from '../base/errors.ts';
import type { Trace } from '../trace/format.ts';
import type { JsonPath } from '../trace/json.ts';
import { foundText } from '../trace/object-reader.ts';
import { UnknownWordError } from './checked.ts';
import { makePlan, type Plan } from './plan.ts';

type Json = Readonly<Record<string, unknown>>;

/** The plan that a trace is about; throws a UsageError that starts with file, line and column. */
export function planOfTrace(trace: Trace): Plan {
  const json = trace.header.plan as unknown as Json;
  const complain = (path: JsonPath, message: string): never => {
    throw new UsageError(`${trace.placeOf(1, ['plan', ...path])}: ${message}`);
  };
  if (typeof json['seed'] !== 'string') {
    if (!Object.hasOwn(json, 'seed')) complain([], 'the plan has no "seed"; expected a text');
    complain(['seed'], `"seed" is ${foundText(json['seed'])}; expected a text`);
  }
  for (const name of ['parameters', 'node', 'length']) {
    if (Object.hasOwn(json, name) && !isObject(json[name])) {
      complain([name], `"${name}" is ${foundText(json[name])}; expected an object`);
    }
  }
  for (const name of ['properties', 'disks']) {
    if (Object.hasOwn(json, name) && !Array.isArray(json[name])) {
      complain([name], `"${name}" is ${foundText(json[name])}; expected a list`);
    }
  }
  for (const [i, disk] of ((json['disks'] ?? []) as readonly unknown[]).entries()) {
    if (!isObject(disk)) complain(['disks', i], `a disk is ${foundText(disk)}; expected an object`);
  }
  return checkedPlan(json, (path) => trace.placeOf(1, ['plan', ...path]));
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

function checkedPlan(json: Json, placeOf: (path: JsonPath) => string): Plan {
  try {
    return makePlan(json);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const word = error instanceof UnknownWordError ? error.word : /^unknown [^"]*"([^"]*)"/.exec(error.message)?.[1];
    const isMeant = (key: string, value: unknown): boolean => key === word || value === word;
    const path = (word === undefined ? undefined : pathTo(json, isMeant)) ?? pathToWordOf(json, error.message) ?? [];
    error.message = `${placeOf(path)}: ${error.message}`;
    throw error;
  }
}

/** The path to the first field that a complaint names; it may name one of several. */
function pathToWordOf(json: Json, message: string): JsonPath | undefined {
  for (const word of message.split(/\W+/)) {
    const path = pathTo(json, (key) => key === word || key === `${word}s`);
    if (path !== undefined) return path;
  }
  return undefined;
}

/** The path to the first value, from the outermost inwards, that is meant. */
function pathTo(json: unknown, isMeant: (key: string, value: unknown) => boolean): JsonPath | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const inner = Object.entries(json).map(([name, value]: [string, unknown]) => {
    const key = Array.isArray(json) ? Number(name) : name;
    return { key, value, isMeant: isMeant(typeof key === 'number' ? '\0' : key, value) };
  });
  const found = inner.find((one) => one.isMeant);
  if (found !== undefined) return [found.key];
  for (const { key, value } of inner) {
    const path = pathTo(value, isMeant);
    if (path !== undefined) return [key, ...path];
  }
  return undefined;
}
