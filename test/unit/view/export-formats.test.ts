// The exports, held against what the programs that read them say of their formats.

import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { exportTable } from '../../../src/view/exports.ts';
import { factsOf } from '../../../src/view/facts.ts';
import { filmOfStory } from '../../../src/view/film-of-story.ts';
import type { Film } from '../../../src/view/film.ts';
import * as formats from '../../support/export-formats.ts';
import { failing, faulty, filmed } from '../../support/films.ts';

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });

function storyFilm(name: string): Film {
  const text = readFileSync(new URL(`../../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
  const work = filmOfStory(text, name, {});
  for (;;) {
    const { done, value } = work.next();
    if (done !== true) continue;
    if ('message' in value) throw new Error(value.message);
    return value.film;
  }
}

describe.each([
  ['a failing run', filmed(failing)],
  ['every fault of chaos', filmed(faulty)],
  ['a story without time', storyFilm('paper/figure-8d-overwrite')],
])('of %s', (title, film) => {
  const { history, run } = film;
  const facts = run.violation === undefined ? [] : factsOf(history, run.violation);
  const to = history.last;
  const from = Math.max(1, to - 80);
  const made = (name: string): string => {
    const row = exportTable.find((one) => one.name === name);
    return row?.make({ film, facts, from, to, isFolded: false, title, version: '0' }) ?? '';
  };
  const problems = (schema: object, value: unknown): unknown => {
    const validate = ajv.compile(schema);
    return validate(value) ? [] : validate.errors?.slice(0, 3);
  };

  it('ITF is as Apalache describes it', () => {
    const trace = JSON.parse(made('itf')) as { vars: string[]; states: Record<string, unknown>[] };
    expect(problems(formats.itf, trace)).toEqual([]);
    expect(problems(formats.itf, { ...trace, states: [{ step: 3 }] })).not.toEqual([]);
  });

  it('Perfetto is of the trace event format', () => {
    const trace = JSON.parse(made('perfetto')) as { traceEvents: { readonly ph: string }[] };
    expect(problems(formats.traceEvents, trace)).toEqual([]);
    const kinds = new Set(trace.traceEvents.map(({ ph }) => ph));
    expect(kinds).toEqual(new Set(['M', 'X', 'i', 's', 'f']));
    expect(problems(formats.traceEvents, { traceEvents: [{ name: 'a', ph: 'X', pid: 1, tid: 1 }] })).not.toEqual([]);
  });

  it('asciinema is an asciicast of version 2', () => {
    const [header, ...events] = made('asciinema')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(problems(formats.asciicastHeader, header)).toEqual([]);
    expect(events.flatMap((event) => problems(formats.asciicastEvent, event))).toEqual([]);
    expect(problems(formats.asciicastHeader, { version: 2 })).not.toEqual([]);
  });

  it('ShiViz takes every line', () => {
    const text = made('shiviz');
    const events = Array.from(text.matchAll(formats.shivizEvents));
    expect(events.map(([all]) => all).join('')).toBe(text);
    expect(events.length).toBeGreaterThan(100);
  });

  it('Mermaid has nothing but statements of a sequence diagram', () => {
    const odd = made('mermaid')
      .split('\n')
      .filter((line) => !formats.mermaidLine.test(line));
    expect(odd).toEqual([]);
    expect('  n1->>n2: a; b').not.toMatch(formats.mermaidLine);
  });
});
