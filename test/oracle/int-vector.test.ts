// A vector that forgets its first values against an array that forgets nothing.
//
// What is forgotten reads as 0, and so does what was never there; everything else is what was put in.

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { IntVector } from '../../src/base/int-vector.ts';
import { runs, seeded } from '../support/seed.ts';

type Act =
  | { readonly kind: 'push'; readonly values: readonly number[] }
  | { readonly kind: 'cut' | 'forget' | 'set'; readonly share: number };

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('push' as const), values: fc.array(fc.integer(), { maxLength: 3000 }) }),
    fc.record({
      kind: fc.constantFrom('cut' as const, 'forget' as const, 'set' as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  ),
  { maxLength: 30 },
);

it(seeded('a vector is an array of which the beginning is gone'), () => {
  fc.assert(
    fc.property(acts, (list) => {
      const vector = new IntVector();
      const dumb: number[] = [];
      let forgotten = 0;
      for (const act of list) {
        if (act.kind === 'push') {
          for (const value of act.values) {
            vector.push(value);
            dumb.push(value);
          }
          continue;
        }
        const place = Math.floor(act.share * dumb.length);
        if (act.kind === 'cut' && place >= forgotten) {
          vector.cutTo(place);
          dumb.length = place;
        } else if (act.kind === 'forget') {
          vector.forgetBefore(place);
          forgotten = Math.max(forgotten, place);
        } else if (act.kind === 'set' && place >= forgotten && place < dumb.length) {
          vector.set(place, 7);
          dumb[place] = 7;
        }
      }
      expect(vector.length).toBe(dumb.length);
      for (let i = 0; i < dumb.length; i++) {
        if (i >= forgotten || vector.remembers(i)) expect(vector.at(i)).toBe(dumb[i]);
        else expect(vector.at(i)).toBe(0);
      }
      expect(vector.at(dumb.length)).toBe(0);
    }),
    runs(200),
  );
});
