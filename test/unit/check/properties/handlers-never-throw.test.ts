// No handler throws, and a promise of the protocol that the same step broke is named first.

import { describe, expect, it } from 'vitest';
import { term } from '../../../../src/base/ids.ts';
import { electionSafety } from '../../../../src/check/properties/election-safety.ts';
import { handlersNeverThrow } from '../../../../src/check/properties/handlers-never-throw.ts';
import { freshGhost, Monitor } from '../../../../src/check/monitor.ts';
import type { Host } from '../../../../src/sim/host.ts';
import { World } from '../../../../src/sim/world.ts';
import { promise, Puppet } from '../../../support/stage.ts';

promise('handlers-never-throw', [
  [
    'a handler throws',
    `n1 leader@2
     n1 throws a leader never meets another leader`,
    'n1 stopped in the middle of a step: a leader never meets another leader',
  ],
  [
    'a server throws at once after a restart',
    `n2 crashes
     n2 starts @4
     n2 throws indexes have no gaps`,
    'n2 stopped in the middle of a step: indexes have no gaps',
  ],
  [
    'a server stops itself after a failed write',
    `n1 halts
     n1 crashes
     n1 starts`,
    undefined,
  ],
]);

describe('a step that throws', () => {
  const puppets = [new Puppet(), new Puppet()];
  const [n1, n2] = new World(puppets).hosts as [Host, Host];

  it('is reported as what it broke of the protocol, if it did', () => {
    const watch = new Monitor(freshGhost(2), [handlersNeverThrow(), electionSafety()]);
    for (const host of [n1, n2]) watch.started(host);
    for (const [host, puppet] of [[n1, puppets[0]] as const, [n2, puppets[1]] as const]) {
      Object.assign(puppet as Puppet, { role: 'leader', currentTerm: term(3) });
      if (host === n2) host.thrown = new Error('a leader never meets another leader');
      watch.stepped(host);
    }
    expect(watch.violation).toEqual({
      property: 'election-safety',
      why: 'n1 and n2 were both elected leader of term 3',
    });
  });
});
