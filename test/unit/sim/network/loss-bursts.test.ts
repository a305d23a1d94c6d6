// Loss in bursts: who is behind a lost message on its link is lost more often, and the first of a burst is not.

import { expect, it } from 'vitest';
import { taped } from '../../../support/tape.ts';

/** How many messages were lost, and how many of these came right behind a lost one of their link. */
function losses(lossCorrelation: number): { readonly lost: number; readonly behind: number } {
  const parameters = { loss: 100_000, lossCorrelation };
  const { tape, run } = taped({ seed: '1', nodes: 3, profile: 'calm', parameters, length: { micros: 20_000_000 } });
  expect(run.violation).toBeUndefined();
  const names = tape.of('drop').filter(({ reason }) => reason === 'lost');
  const lost = new Set(names.map(({ from, to, number }) => `${from} ${to} ${number}`));
  return {
    lost: lost.size,
    behind: names.filter(({ from, to, number }) => lost.has(`${from} ${to} ${number - 1}`)).length,
  };
}

it('a lost message draws others with it', () => {
  const alone = losses(0);
  const bursts = losses(750_000);
  expect(alone.behind / alone.lost).toBeLessThan(0.2);
  expect(bursts.behind / bursts.lost).toBeGreaterThan(0.6);
});
