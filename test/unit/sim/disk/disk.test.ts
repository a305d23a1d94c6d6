// A disk: a cache that a crash may lose from some write on, torn tails, damaged records, a wiped medium.
//
// A write is told as the node tells it: `term 3 vote n2 + log from 3 [3 3]`. A medium is told as what recovers.

import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../../src/base/errors.ts';
import { logIndex, nodeName, term } from '../../../../src/base/ids.ts';
import { ZERO_INDEX, type HardState, type Write } from '../../../../src/protocol/message.ts';
import { Disk } from '../../../../src/sim/disk/disk.ts';
import { entriesOf, logOf, server, termsOf } from '../../../support/text.ts';

let tickets = 0;

function write(text: string): Write {
  const [, at, vote] = /term (\d+) vote (\w+)/.exec(text) ?? [];
  const [, from, terms] = /log from (\d+) \[([\d ]*)\]/.exec(text) ?? [];
  const hardState: HardState | undefined =
    at === undefined || vote === undefined ? undefined : { term: term(Number(at)), votedFor: server(vote) };
  const first = Number(from ?? 0);
  if (hardState === undefined && first === 0) throw new Error(`'${text}' is no write`);
  const entries = Object.freeze(entriesOf(terms ?? '', first));
  return {
    ticket: ++tickets,
    hardState,
    compaction: undefined,
    from: from === undefined ? ZERO_INDEX : logIndex(first),
    entries,
  };
}

/** A disk on which these writes are durable. */
function diskWith(...texts: readonly string[]): Disk {
  const disk = new Disk();
  for (const text of texts) {
    disk.issue(write(text));
    disk.completeOldest();
  }
  return disk;
}

function told(disk: Disk): string {
  const recovery = disk.recover();
  switch (recovery.outcome) {
    case 'wiped':
      return 'wiped';
    case 'damaged':
      return `damaged at ${recovery.index}`;
    default: {
      const { hardState, log } = recovery.recovered;
      return `${recovery.outcome}: term ${hardState.term} vote ${nodeName(hardState.votedFor)} [${termsOf(log.slice(1, Infinity))}]`;
    }
  }
}

describe('a disk that was never written', () => {
  it('recovers clean and empty, in term 0 with no vote', () => {
    const disk = new Disk();
    expect(told(disk)).toBe('clean: term 0 vote nobody []');
    expect([disk.lastIndex, disk.cachedWrites, disk.oldestTicket()]).toEqual([0, 0, -1]);
    expect(disk.prefixHashAt(logIndex(0))).toBe(0);
  });
});

describe('durable writes', () => {
  it.each([
    [['term 3 vote n2'], 'term 3 vote n2 []'],
    [['term 3 vote n2', 'term 4 vote nobody'], 'term 4 vote nobody []'],
    [['log from 1 [1 1 2]'], 'term 0 vote nobody [1 1 2]'],
    [['term 2 vote n1 + log from 1 [1 2]'], 'term 2 vote n1 [1 2]'],
    [['log from 1 [1 1]', 'log from 3 [2]'], 'term 0 vote nobody [1 1 2]'],
    // overwritten
    [['log from 1 [1 1 2]', 'log from 3 [3]'], 'term 0 vote nobody [1 1 3]'],
    [['log from 1 [1 1 2]', 'log from 2 [3]'], 'term 0 vote nobody [1 3]'],
    [['log from 1 [1 1 2]', 'log from 1 [3 3]'], 'term 0 vote nobody [3 3]'],
    // cut, with nothing in its place
    [['log from 1 [1 1 2]', 'log from 2 []'], 'term 0 vote nobody [1]'],
    [['log from 1 [1 1 2]', 'log from 1 []'], 'term 0 vote nobody []'],
    // the log stays when only term and vote change
    [['log from 1 [1 1]', 'term 5 vote n3'], 'term 5 vote n3 [1 1]'],
  ])('%j: %s', (writes, state) => {
    const disk = diskWith(...writes);
    expect(told(disk)).toBe(`clean: ${state}`);
    disk.crash(0, true);
    expect(told(disk)).toBe(`clean: ${state}`); // nothing was on its way, so nothing can tear
  });

  it.each([15, 16, 17, 100, 600])('of %i entries recover, each with its own checksum', (length) => {
    const disk = diskWith(`log from 1 [${'7 '.repeat(length).trim()}]`);
    expect(told(disk)).toBe(`clean: term 0 vote nobody [${'7 '.repeat(length).trim()}]`);
    disk.damage(logIndex(length));
    expect(told(disk)).toBe(`damaged at ${length}`);
  });

  it('become durable in the order in which they were issued', () => {
    const disk = new Disk();
    const [first, second] = [write('log from 1 [1]'), write('log from 2 [2]')];
    disk.issue(first);
    disk.issue(second);
    expect([disk.cachedWrites, disk.oldestTicket(), disk.lastIndex]).toEqual([2, first.ticket, 0]);
    expect(disk.completeOldest()).toBe(first.ticket);
    expect([disk.cachedWrites, disk.oldestTicket(), disk.lastIndex]).toEqual([1, second.ticket, 1]);
    expect(disk.completeOldest()).toBe(second.ticket);
    expect([disk.cachedWrites, disk.oldestTicket(), disk.lastIndex]).toEqual([0, -1, 2]);
    expect(() => disk.completeOldest()).toThrow(InvariantError);
  });

  it('can be read: entries, the hash of each prefix, term and vote', () => {
    const disk = diskWith('term 4 vote n2 + log from 1 [1 1 2]', 'log from 3 [4 4]');
    const log = logOf('1 1 4 4');
    for (let i = 1; i <= 4; i++) {
      expect(disk.prefixHashAt(logIndex(i))).toBe(log.prefixHashAt(logIndex(i)));
      expect(disk.entryAt(logIndex(i))).toEqual(log.entryAt(logIndex(i)));
    }
    expect(disk.prefixHashAt(logIndex(5))).toBeUndefined();
    expect(() => disk.entryAt(logIndex(5))).toThrow(InvariantError);
    expect(disk.hardState).toEqual({ term: 4, votedFor: 1 });
  });

  it('are seen durable only, never cached', () => {
    const disk = diskWith('log from 1 [1 1]');
    disk.issue(write('term 9 vote n1 + log from 2 [9 9]'));
    expect([disk.lastIndex, disk.prefixHashAt(logIndex(2)), disk.hardState.term]).toEqual([
      2,
      logOf('1 1').prefixHashAt(logIndex(2)),
      0,
    ]);
  });

  it('a server that changes what it recovered does not change the disk', () => {
    const disk = diskWith('log from 1 [1 1]');
    const recovery = disk.recover();
    if (recovery.outcome === 'clean') recovery.recovered.log.cutTo(0);
    expect(told(disk)).toBe('clean: term 0 vote nobody [1 1]');
  });

  it('what was recovered is a copy', () => {
    const disk = diskWith('log from 1 [1 1]');
    const before = disk.recover();
    disk.issue(write('log from 1 [2]'));
    disk.completeOldest();
    expect(before.outcome === 'clean' && termsOf(before.recovered.log.slice(1, Infinity))).toBe('1 1');
  });
});

describe('a crash loses what is cached, from some write on', () => {
  const cached = ['term 2 vote nobody', 'log from 2 [2 2]', 'term 3 vote n1', 'log from 3 [3]'];

  it.each([
    [0, 'term 1 vote n1 [1 1]'],
    [1, 'term 2 vote nobody [1 1]'],
    [2, 'term 2 vote nobody [1 2 2]'],
    [3, 'term 3 vote n1 [1 2 2]'],
    [4, 'term 3 vote n1 [1 2 3]'],
    [9, 'term 3 vote n1 [1 2 3]'],
  ])('%i of four kept: %s', (kept, state) => {
    const disk = diskWith('term 1 vote n1 + log from 1 [1 1]');
    for (const text of cached) disk.issue(write(text));
    disk.crash(kept, false);
    expect(disk.cachedWrites).toBe(0);
    expect(told(disk)).toBe(`clean: ${state}`);
  });
});

describe('a torn write leaves its term and vote, half of its entries, and a piece that is dropped', () => {
  it.each([
    // the write that tears, what is found
    ['log from 3 [2]', 'torn: term 1 vote n1 [1 1]'],
    ['log from 3 [2 2]', 'torn: term 1 vote n1 [1 1 2]'],
    ['log from 3 [2 2 2]', 'torn: term 1 vote n1 [1 1 2]'],
    ['log from 3 [2 2 2 2]', 'torn: term 1 vote n1 [1 1 2 2]'],
    ['log from 2 [2]', 'torn: term 1 vote n1 [1 1]'], // the cut did not happen either
    ['log from 2 [2 2]', 'torn: term 1 vote n1 [1 2]'],
    ['log from 2 []', 'torn: term 1 vote n1 [1 1]'],
    ['term 2 vote n3', 'torn: term 1 vote n1 [1 1]'],
    ['term 2 vote n3 + log from 3 [2]', 'torn: term 2 vote n3 [1 1]'], // entries never without their term
    ['term 2 vote n3 + log from 3 [2 2]', 'torn: term 2 vote n3 [1 1 2]'],
  ])('%s: %s', (text, found) => {
    const disk = diskWith('term 1 vote n1 + log from 1 [1 1]');
    disk.issue(write(text));
    disk.issue(write('log from 5 [9]'));
    disk.crash(0, true);
    expect(disk.cachedWrites).toBe(0);
    expect(told(disk)).toBe(found);
    expect(told(disk)).toBe(found.replace('torn', 'clean')); // recovery has dropped the piece
  });

  it('the first lost write is the one that tears', () => {
    const disk = new Disk();
    for (const text of ['log from 1 [1]', 'log from 2 [2 2]', 'log from 4 [3 3]']) disk.issue(write(text));
    disk.crash(1, true);
    expect(told(disk)).toBe('torn: term 0 vote nobody [1 2]');
  });

  it('nothing tears if everything was kept', () => {
    const disk = new Disk();
    disk.issue(write('log from 1 [1]'));
    disk.crash(1, true);
    expect(told(disk)).toBe('clean: term 0 vote nobody [1]');
  });

  it('the log goes on where the torn tail was dropped', () => {
    const disk = diskWith('log from 1 [1 1]');
    disk.issue(write('log from 3 [2 2]'));
    disk.crash(0, true);
    expect(told(disk)).toBe('torn: term 0 vote nobody [1 1 2]');
    disk.issue(write('log from 4 [3]'));
    disk.completeOldest();
    expect(told(disk)).toBe('clean: term 0 vote nobody [1 1 2 3]');
    expect(disk.prefixHashAt(logIndex(4))).toBe(logOf('1 1 2 3').prefixHashAt(logIndex(4)));
  });
});

describe('damage to a synced record is found and told from a torn tail', () => {
  it.each([
    [1, 'damaged at 1'],
    [2, 'damaged at 2'],
    [3, 'damaged at 3'], // the last record too: it was synced
    [0, 'damaged at 0'], // term and vote
  ])('record %i: %s', (index, found) => {
    const disk = diskWith('term 2 vote n1 + log from 1 [1 1 2]');
    disk.damage(logIndex(index));
    expect(told(disk)).toBe(found);
    expect(told(disk)).toBe(found); // it does not go away
  });

  it('also if it was found sound before', () => {
    const disk = diskWith('term 2 vote n1 + log from 1 [1 1 2]');
    expect(told(disk)).toBe('clean: term 2 vote n1 [1 1 2]');
    disk.damage(logIndex(2));
    expect(told(disk)).toBe('damaged at 2');
  });

  it('the record of term and vote is damaged even if nothing was ever written there', () => {
    const disk = new Disk();
    disk.damage(logIndex(0));
    expect(told(disk)).toBe('damaged at 0');
  });

  it('the first of several damaged records is told', () => {
    const disk = diskWith('log from 1 [1 1 2]');
    disk.damage(logIndex(3));
    disk.damage(logIndex(2));
    expect(told(disk)).toBe('damaged at 2');
  });

  it('damage counts more than a torn tail', () => {
    const disk = diskWith('log from 1 [1 1]');
    disk.damage(logIndex(2));
    disk.issue(write('log from 3 [2]'));
    disk.crash(0, true);
    expect(told(disk)).toBe('damaged at 2');
  });

  it('a record that is written anew is whole again', () => {
    const disk = diskWith('term 1 vote n1 + log from 1 [1 1 2]');
    disk.damage(logIndex(2));
    disk.damage(logIndex(0));
    disk.issue(write('term 2 vote n2 + log from 2 [2]'));
    disk.completeOldest();
    expect(told(disk)).toBe('clean: term 2 vote n2 [1 2]');
  });

  it('a record before the ones that are written anew stays damaged', () => {
    const disk = diskWith('log from 1 [1 1 2]');
    disk.damage(logIndex(1));
    disk.issue(write('log from 2 [2]'));
    disk.completeOldest();
    expect(told(disk)).toBe('damaged at 1');
  });
});

describe('a wiped disk', () => {
  it('is known as one, not as a new one', () => {
    const disk = diskWith('term 2 vote n1 + log from 1 [1 2]');
    disk.issue(write('log from 3 [2]'));
    disk.wipe();
    expect(told(disk)).toBe('wiped');
    expect([disk.lastIndex, disk.cachedWrites, disk.prefixHashAt(logIndex(1))]).toEqual([0, 0, undefined]);
    expect(disk.hardState).toEqual({ term: 0, votedFor: -1 });
  });

  it('is not called damaged, whatever it held', () => {
    const disk = diskWith('log from 1 [1 2]');
    disk.damage(logIndex(1));
    disk.damage(logIndex(0));
    disk.wipe();
    expect(told(disk)).toBe('wiped');
  });
});

describe('a write that goes through at once', () => {
  it('takes with it what was issued before, whose end is told later, once each', () => {
    const disk = new Disk();
    const [first, second, through, last] = ['log from 1 [1]', 'log from 2 [1]', 'term 2 vote n1', 'log from 3 [2]'].map(
      write,
    ) as [Write, Write, Write, Write];
    disk.issue(first);
    disk.issue(second);
    disk.writeThrough(through);
    expect([disk.lastIndex, disk.hardState.term, disk.cachedWrites]).toEqual([2, 2, 2]);
    disk.issue(last);
    expect(disk.completeOldest()).toBe(first.ticket);
    expect(disk.completeOldest()).toBe(second.ticket);
    expect(disk.lastIndex).toBe(2);
    expect(disk.completeOldest()).toBe(last.ticket);
    expect(disk.lastIndex).toBe(3);
  });

  it('leaves nothing of it to a crash', () => {
    const disk = new Disk();
    disk.issue(write('log from 1 [1]'));
    disk.writeThrough(write('term 2 vote n1'));
    disk.issue(write('log from 2 [2]'));
    disk.crash(0, false);
    expect([disk.lastIndex, disk.cachedWrites]).toEqual([1, 0]);
    disk.issue(write('log from 2 [2]'));
    disk.completeOldest();
    expect(disk.lastIndex).toBe(2);
  });
});
