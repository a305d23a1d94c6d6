// Snapshot consistency: what breaks the promise, and what nearly does.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../../support/stage.ts';

const finding = (script: string): string | undefined => {
  const stage = new Stage('snapshot-consistency');
  stage.play(script);
  return stage.finding;
};

/** n1 and n2 have committed two entries; after the second the state is 7. */
const START = `n1 leader@1 [1 1 1] commit 2; n1 applies 1, machine 5; n1 applies 2, machine 7
  n2 follower@1 [1 1] commit 2`;

describe('broken by', () => {
  it.each([
    ['n1 snapshots 3@1 state 9', 'n1 has a snapshot of 3 entries, but 2 are committed'],
    ['n1 snapshots 2@2 state 7', 'n1 has a snapshot up to entry 2 of term 2, but that entry is of term 1'],
    [
      'n1 snapshots 2@1 state 5',
      'n1 has a snapshot of 2 entries with the state 00000005, but after entry 2 the state was 00000007',
    ],
    ['n1 snapshots 2@1 state 7; n1 snapshots 1@1 state 5', 'n1 goes from a snapshot of 2 entries back to one of 1'],
    [
      'n3 follower@1 [1 1x] commit 0; n3 follower@1 [1 1x] commit 2; n3 snapshots 2@1 state 7',
      'n3 has a snapshot of 2 entries, but others were committed up to there',
    ],
    [
      'n1 snapshots 2@1 state 7; n3 installs n1 machine 5',
      'n3 goes on from a snapshot of 2 entries, but its machine is in another state',
    ],
    [
      'n1 snapshots 2@1 state 7; n3 installs n1 machine 7 at 0',
      'n3 goes on from a snapshot of 2 entries, but its machine stands at 0',
    ],
  ])('%s', (script, why) => {
    expect(finding(`${START}\n${script}`)).toBe(why);
  });
});

describe('kept by', () => {
  it.each([
    ['a snapshot of what was committed', 'n1 snapshots 2@1 state 7'],
    ['a snapshot that lies behind', 'n1 snapshots 1@1 state 5'],
    ['a newer one', 'n1 snapshots 1@1 state 5; n1 snapshots 2@1 state 7'],
    [
      'one that is installed over another log',
      'n1 snapshots 2@1 state 7; n3 follower@1 [1 2]; n3 installs n1 machine 7',
    ],
    ['one of a state that nobody has had yet', 'n2 snapshots 2@1 state 7'],
  ])('%s', (_what, script) => {
    expect(finding(`${START}\n${script}`)).toBeUndefined();
  });

  it('a restart that finds an older one, since the newer was not durable', () => {
    const older = 'n1 snapshots 2@1 state 7; n1 crashes';
    const stage = new Stage('snapshot-consistency');
    stage.play(`${START}\n${older}`);
    const puppet = stage.puppet(stage.world.host(stage.world.hosts[0]!.id));
    puppet.snapshot = undefined;
    stage.play('n1 starts @1 [1 1 1]');
    expect(stage.finding).toBeUndefined();
  });
});
