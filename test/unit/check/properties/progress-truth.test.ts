// Progress truth: what breaks the promise, and what nearly does.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../../support/stage.ts';

const finding = (script: string): string | undefined => {
  const stage = new Stage('progress-truth');
  stage.play(script);
  return stage.finding;
};

const SENDS = 'n1 to n2: AppendEntries@2 prev 2@1 commit 0';

describe('broken by', () => {
  it.each([
    [
      'n2 disk term 2 vote n1 [1]; n1 leader@2 [1 1]; n1 believes n2 holds 2 next 3',
      'n1 believes that n2 holds 2 entries, but durable there are 1, or others',
    ],
    [
      'n2 disk term 2 vote n1 [1 1x]; n1 leader@2 [1 1]; n1 believes n2 holds 2 next 3',
      'n1 believes that n2 holds 2 entries, but durable there are 2, or others',
    ],
    [
      'n2 disk term 2 vote n1 [1 1]; n1 leader@2 [1 1]; n1 believes n2 holds 2 next 2',
      'n1 believes that n2 holds 2 entries, and would send it entry 2 next',
    ],
    [
      'n2 disk term 2 vote n1 [1 1 1]; n1 leader@2 [1 1]; n1 believes n2 holds 3 next 4',
      'n1 believes that n2 holds 3 entries, but durable there are 3, or others',
    ],
  ])('%s', (script, why) => {
    expect(finding(`${script}; ${SENDS}`)).toBe(why);
  });
});

describe('kept by', () => {
  it.each([
    ['what is durable', 'n2 disk term 2 vote n1 [1 1]; n1 leader@2 [1 1]; n1 believes n2 holds 2 next 3'],
    ['more than is known', 'n2 disk term 2 vote n1 [1 1 1]; n1 leader@2 [1 1]; n1 believes n2 holds 1 next 2'],
    ['a leader that knows nothing', 'n1 leader@2 [1 1]'],
    [
      'a follower that has gone on to a newer term',
      'n2 disk term 3 vote n3 [1]; n1 leader@2 [1 1]; n1 believes n2 holds 2 next 3',
    ],
  ])('%s', (_what, script) => {
    expect(finding(`${script}; ${SENDS}`)).toBeUndefined();
  });
});
