// Green on nothing: a story in which nothing happens, or in which a step cannot happen, does not pass.
//
// What a program wrote from a run stays tolerant, also in files from before there was a field that says so.

import { describe, expect, it } from 'vitest';
import { isStrict } from '../../../src/scenario/strict.ts';
import { play, readStory, story } from '../../support/scenario.ts';

const IMPOSSIBLE = '- resume: n1';

describe('a story in which nothing happens is refused', () => {
  const head = 'name: nothing\nwhy: for a test of nothing';
  it.each([
    [
      'without steps',
      'expect: { leader: none }',
      'steps is missing, expected a list of steps: without one nothing happens',
    ],
    ['with an empty list of them', 'steps: []', 'steps has 0 items, expected at least 1 item'],
    ['that repeats nothing', 'steps: [{ repeat: 3, do: [] }]', 'do has 0 items, expected at least 1 item'],
  ])('%s', (_what, text, message) => {
    expect(() => readStory(`${head}\n${text}\n`)).toThrow(message);
  });

  it('but not where time runs until something is so', () => {
    expect(play(`${head}\neventually: { leader: any, within: 5s }\n`).failure).toBeUndefined();
    expect(play(`${head}\neventually: { leader: none, term: 7, within: 1s }\n`).failure?.kind).toBe('failed');
  });
});

describe('a step that cannot be taken', () => {
  it('fails a story by hand, at its place', () => {
    expect(play(story({ nodes: 3, steps: [IMPOSSIBLE] })).failure).toMatchObject({
      kind: 'failed',
      path: ['steps', 0],
      expected: 'a step that can be taken',
      found: 'n1 is not paused',
    });
  });

  it('is left out and told where the story says so', () => {
    const played = play(story({ nodes: 3, steps: [IMPOSSIBLE], rest: 'strict: false' }));
    expect(played.failure).toBeUndefined();
    expect(played.skipped).toEqual([{ path: ['steps', 0], why: 'n1 is not paused' }]);
  });

  it('is left out in silence where it is optional', () => {
    const played = play(story({ nodes: 3, steps: ['- { resume: n1, optional: true }'] }));
    expect([played.failure, played.skipped]).toEqual([undefined, []]);
  });

  it.each(['wipe', 'restart'])('the restart of a server that stays down, behind its %s', (verb) => {
    const steps = ['- crash: n3', ...(verb === 'wipe' ? ['- wipe: n3'] : []), '- restart: n3'];
    const { failure } = play(story({ nodes: 3, steps }));
    if (verb === 'restart') expect(failure).toBeUndefined();
    else {
      expect(failure).toMatchObject({
        path: ['steps', 2],
        found: 'n3 stays down: its disk is empty or damaged, and it might vote twice',
      });
    }
  });
});

describe('what a program wrote is tolerant', () => {
  it.each([
    ['Recorded from run.ndjson.', false],
    ['Recorded from run.ndjson, where log-matching broke.', false],
    ['At most one leader is elected in a term. (Section 5.2.) Shrunk from 31 steps of seed 42: n1, n2 lead.', false],
    ['A story about a leader. It was shrunk by hand.', true],
  ])('%s', (why, strict) => {
    expect(isStrict({ why, strict: undefined })).toBe(strict);
    for (const said of [true, false]) expect(isStrict({ why, strict: said })).toBe(said);
  });

  it('also folded over lines', () => {
    expect(
      isStrict({ why: 'It breaks. (Section 5.) Shrunk from 12\n  steps of a.ndjson: why.\n', strict: undefined }),
    ).toBe(false);
  });
});
