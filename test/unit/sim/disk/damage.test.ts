// Records that go bad: what a restarted server finds, what it may do about it, and what the nemesis leaves alone.

import { describe, expect, it } from 'vitest';
import { logIndex, nodeId, NOBODY, term, type LogIndex } from '../../../../src/base/ids.ts';
import { damageKinds, type Damage, type DamageKind, type Remedy } from '../../../../src/protocol/recovered.ts';
import { makePlan, type PlanInput } from '../../../../src/run/plan.ts';
import { restsOnDisks } from '../../../../src/run/properties.ts';
import { simulate, uncheckedPromises, type Verdict } from '../../../../src/run/simulate.ts';
import { Disk, type DiskRecovery } from '../../../../src/sim/disk/disk.ts';
import { taped } from '../../../support/tape.ts';

const MILLISECOND = 1_000;
const SECOND = 1_000_000;

const command = (hash: number): { hash: number; bytes: number } => ({ hash, bytes: 10 });

/** A disk with these entries, each synced. */
function diskWith(...terms: number[]): Disk {
  const disk = new Disk();
  const entries = terms.map((one, i) => ({ term: term(one), command: command(100 + i) }));
  disk.issue({
    ticket: 0,
    hardState: { term: term(3), votedFor: nodeId(1) },
    from: logIndex(1),
    entries,
    compaction: undefined,
  });
  disk.completeOldest();
  return disk;
}

/** What a recovery found, in words: `clean 3.2 [101 102]`, the hash of each entry. */
function words(recovery: DiskRecovery): string {
  if (!('recovered' in recovery)) return 'index' in recovery ? `damaged ${recovery.index}` : recovery.outcome;
  const { hardState, log } = recovery.recovered;
  const hashes = Array.from({ length: log.lastIndex }, (_, i) => log.entryAt(i + 1)?.command.hash);
  const vote = hardState.votedFor === NOBODY ? 'nobody' : `n${hardState.votedFor + 1}`;
  return `${recovery.outcome} ${hardState.term}.${vote} [${hashes.join(' ')}]`;
}

const at = (index: number): LogIndex => logIndex(index);

describe('a damaged record', () => {
  const rows: readonly (readonly [DamageKind, number, Remedy, string])[] = [
    ['flipped', 2, 'stay away', 'damaged 2'],
    ['misplaced', 3, 'stay away', 'damaged 3'],
    ['lost', 1, 'stay away', 'damaged 1'],
    ['lost', 0, 'stay away', 'damaged 0'],
    ['flipped', 2, 'cut', 'clean 3.n2 [100]'],
    ['flipped', 1, 'cut', 'clean 3.n2 []'],
    ['flipped', 2, 'believe', 'clean 3.n2 [100 100 102]'],
    ['misplaced', 3, 'believe', 'clean 3.n2 [100 101 101]'],
    ['misplaced', 1, 'believe', 'clean 3.n2 [101 101 102]'],
    ['lost', 2, 'believe', 'clean 3.n2 [100]'],
    ['lost', 0, 'believe', 'clean 0.nobody [100 101 102]'],
    ['flipped', 0, 'cut', 'clean 0.nobody [100 101 102]'],
  ];

  it.each(rows)('that is %s, at %i, and a server that would %s', (kind, index, remedy, expected) => {
    const disk = diskWith(1, 1, 2);
    expect(disk.damage(at(index), kind)).toBe(true);
    expect(disk.isDamaged).toBe(true);
    const asked: Damage[] = [];
    const found = words(
      disk.recover((damage) => {
        asked.push(damage);
        return remedy;
      }),
    );
    expect(found).toBe(expected);
    expect(asked).toEqual([{ index, kind }]);
    // Whoever served from it has written it anew.
    expect(disk.isDamaged).toBe(remedy === 'stay away');
    expect(words(disk.recover())).toBe(expected);
  });

  it('at two places is found at the first, and behind it once that was believed', () => {
    const disk = diskWith(1, 1, 2);
    disk.damage(at(3), 'flipped');
    disk.damage(at(1), 'flipped');
    const asked: number[] = [];
    disk.recover(({ index }) => {
      asked.push(index);
      return 'believe';
    });
    expect(asked).toEqual([1, 3]);
  });

  it('is sound again once it was overwritten', () => {
    const disk = diskWith(1, 1, 2);
    disk.damage(at(3), 'flipped');
    disk.issue({
      ticket: 1,
      hardState: undefined,
      from: at(3),
      entries: [{ term: term(3), command: command(7) }],
      compaction: undefined,
    });
    disk.completeOldest();
    expect(words(disk.recover())).toBe('clean 3.n2 [100 101 7]');
  });

  it('at the end of the log, if lost, leaves no trace', () => {
    const disk = diskWith(1, 1, 2);
    expect(disk.damage(at(3), 'lost')).toBe(false);
    expect(words(disk.recover())).toBe('clean 3.n2 [100 101]');
  });

  it('is damaged once, however often it is struck', () => {
    const disk = diskWith(1, 1, 2);
    disk.damage(at(2), 'flipped');
    disk.damage(at(2), 'flipped');
    expect(words(disk.recover())).toBe('damaged 2');
  });
});

describe('a wiped disk', () => {
  it('keeps its server away, unless the server believes that there never was anything', () => {
    const disk = diskWith(1);
    disk.wipe();
    expect(words(disk.recover())).toBe('wiped');
    expect(words(disk.recover(({ kind }) => (kind === 'wiped' ? 'believe' : 'stay away')))).toBe('clean 0.nobody []');
  });
});

describe('a write that fails', () => {
  it('leaves a gap, behind which nothing is of use', () => {
    const disk = diskWith(1);
    disk.issue({
      ticket: 1,
      hardState: undefined,
      from: at(3),
      entries: [{ term: term(2), command: command(1) }],
      compaction: undefined,
    });
    disk.completeOldest();
    expect(disk.lastIndex).toBe(1);
  });
});

const FAULTS = ['rotsMax', 'misdirectedMax', 'lostWritesMax', 'votesLostMax'] as const;

const wishes = (seed: string, parameters: PlanInput['parameters'], nodes = 5): PlanInput => ({
  seed,
  nodes,
  profile: 'calm',
  parameters: { crashEvery: 300 * MILLISECOND, downFor: 100 * MILLISECOND, ...parameters },
  length: { micros: 12 * SECOND },
});

describe('the nemesis of records', () => {
  it.each(FAULTS)('%s: strikes crashed servers, which stay away, and a majority goes on', (name) => {
    const { tape, run } = taped(wishes('1', { [name]: 2 }));
    expect(tape.of('damage').length).toBe(2);
    expect(run.counters.faults.damage).toBe(2);
    expect(run.violation).toBeUndefined();
    expect(run.verdicts.every(({ outcome }) => outcome !== 'fail')).toBe(true);
    for (const { node } of tape.of('damage')) {
      const place = tape.steps.findIndex((step) => step.kind === 'damage' && step.node === node);
      expect(tape.sendings.filter((sent) => sent.from === node && sent.place > place)).toEqual([]);
    }
  });

  it('together they leave a majority its disks', () => {
    const all = Object.fromEntries(FAULTS.map((name) => [name, 2]));
    for (let seed = 1; seed <= 5; seed++) {
      const { tape } = taped(wishes(String(seed), all));
      expect(new Set(tape.of('damage').map(({ node }) => node)).size).toBe(2);
    }
  });

  it('a plan that allows for more than a minority gets it, and its promise of progress is not decided', () => {
    const { tape, run } = taped(wishes('1', { rotsMax: 3 }));
    expect(new Set(tape.of('damage').map(({ node }) => node)).size).toBe(3);
    const verdict = run.verdicts.find(({ property }) => property === 'bounded-liveness');
    expect(verdict).toMatchObject({ outcome: 'not applicable', why: 'the disks of a majority are gone' });
  });

  it('the kinds of damage are those of the faults', () => {
    const seen = new Set<DamageKind>();
    for (const name of FAULTS) for (const { how } of taped(wishes('1', { [name]: 2 })).tape.of('damage')) seen.add(how);
    expect([...seen].toSorted()).toEqual([...damageKinds].toSorted());
  });
});

describe('a write that is lost without a trace', () => {
  const plan = (seed: number): PlanInput => wishes(String(seed), { lostWritesMax: 20, lostAtEnd: 1_000_000 }, 3);

  it('is more than any Raft survives: what rests on disks is not applicable, and said to be so', () => {
    const { verdicts, violation, ...run } = simulate(makePlan(plan(1)));
    expect(violation).toBeUndefined();
    const isApplicable = ({ why }: Verdict): boolean => !/^(?:membership is off|no leader holds a lease)/.test(why);
    const resting = verdicts.filter((verdict) => restsOnDisks(verdict.property) && isApplicable(verdict));
    expect(resting.length).toBeGreaterThan(8);
    for (const { outcome, why } of resting) {
      expect(outcome).toBe('not applicable');
      expect(why).toMatch(/^no Raft survives it: the disk of n\d lost entry \d+, which it had reported durable$/);
    }
    const others = verdicts.filter(({ property }) => !restsOnDisks(property));
    expect(others.some(({ outcome }) => outcome === 'pass')).toBe(true);
    expect(uncheckedPromises({ verdicts, plan: run.plan })).toEqual(resting.map(({ property }) => property));
  });
});

describe('a disk that is full', () => {
  const parameters = { fullEvery: 500 * MILLISECOND, fullFor: 300 * MILLISECOND, downFor: 50 * MILLISECOND };

  it('fails every write until there is room again, and the cluster recovers', () => {
    const { tape, run } = taped({ seed: '3', nodes: 3, profile: 'calm', parameters, length: { micros: 20 * SECOND } });
    expect(tape.of('write-failed').length).toBeGreaterThan(10);
    expect(tape.of('write-failed').length).toBe(tape.of('crash').length);
    expect(run.violation).toBeUndefined();
    expect(run.verdicts.find(({ property }) => property === 'bounded-liveness')?.outcome).toBe('pass');
    const calm = tape.steps.findIndex(({ kind }) => kind === 'calm');
    expect(tape.steps.slice(calm).some(({ kind }) => kind === 'write-failed')).toBe(false);
  });
});

describe('a disk that is slow', () => {
  const writes = (slowDiskFactor: number): number => {
    const parameters = {
      slowDiskEvery: SECOND,
      slowDiskFor: 10 * SECOND,
      slowDiskFactor,
      syncDelayMax: 3 * MILLISECOND,
    };
    const { run } = taped({ seed: '3', nodes: 3, profile: 'calm', parameters, length: { micros: 20 * SECOND } });
    expect(run.violation).toBeUndefined();
    expect(run.verdicts.find(({ property }) => property === 'bounded-liveness')?.outcome).toBe('pass');
    return run.counters.writes;
  };

  it('does less in the same time, and is as fast as ever when the faults are over', () => {
    expect(writes(60)).toBeLessThan(writes(1) * 0.8);
  });
});
