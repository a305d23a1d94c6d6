import { it } from 'vitest';
import { stepsIn } from '../../../src/shrink/candidate.ts';
import { failing, planOf, shrunk } from '../../support/shrinking.ts';
it.each([6, 10, 14, 19])('x %s', (seed) => {
  const t = Date.now();
  const r = shrunk(failing(planOf('prevote-reply-hides-term', seed))!);
  console.log('SEED', seed, stepsIn(r.candidate), Date.now() - t, r.text);
}, 200000);
