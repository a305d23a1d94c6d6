// A disk against a dumb model: the list of records that a crash left, replayed from the beginning each time.
//
// The model keeps every write that ever became durable, in full or in part, and plays them on a plain array.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extendPrefixHash, hashText } from '../../src/base/hash.ts';
import { logIndex, nodeId, NOBODY, term } from '../../src/base/ids.ts';
import { ZERO_INDEX, ZERO_TERM, type Entry, type HardState, type Write } from '../../src/protocol/message.ts';
import { Disk } from '../../src/sim/disk/disk.ts';
import { runs, SEED_NOTE } from '../support/seed.ts';

interface Content {
  readonly hardState: HardState;
  readonly entries: readonly Entry[];
}

/** What a disk holds after these records. */
function replay(records: readonly Write[]): Content {
  return records.reduce<Content>(
    (content, { hardState, from, entries }) => ({
      hardState: hardState ?? content.hardState,
      entries: from === 0 ? content.entries : [...content.entries.slice(0, from - 1), ...entries],
    }),
    { hardState: { term: ZERO_TERM, votedFor: NOBODY }, entries: [] },
  );
}

/** The whole parts of a write that tore: term and vote if entries come behind them, then the first half of those. */
function wholeParts(torn: Write): Write[] {
  if (torn.entries.length === 0) return [];
  const half = torn.entries.slice(0, Math.floor(torn.entries.length / 2));
  return [{ ...torn, from: half.length === 0 ? ZERO_INDEX : torn.from, entries: half }];
}

interface Writing {
  readonly kind: 'write';
  /** 0: the record of term and vote stays. */
  readonly term: number;
  readonly vote: number;
  /** How many entries are overwritten; -1: the log is not touched. */
  readonly back: number;
  readonly count: number;
}
type Action =
  Writing | { readonly kind: 'complete' } | { readonly kind: 'crash'; readonly kept: number; readonly torn: boolean };

const writing = fc.record({
  kind: fc.constant('write' as const),
  term: fc.nat(3),
  vote: fc.integer({ min: -1, max: 2 }),
  back: fc.integer({ min: -1, max: 3 }),
  count: fc.nat(4),
});
const crashing = fc.record({ kind: fc.constant('crash' as const), kept: fc.nat(4), torn: fc.boolean() });
const actions = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: writing },
    { weight: 4, arbitrary: fc.constant<Action>({ kind: 'complete' }) },
    { weight: 2, arbitrary: crashing },
  ),
  { maxLength: 40 },
);

/** The model: the records that are durable, and the writes that are not yet. */
class Model {
  private readonly durable: Write[] = [];
  private cached: Write[] = [];
  /** The last crash left a piece of a record. */
  torn = false;
  private tickets = 0;
  private salt = 0;

  get content(): Content {
    return replay(this.durable);
  }

  get cachedWrites(): number {
    return this.cached.length;
  }

  get oldestTicket(): number {
    return this.cached[0]?.ticket ?? -1;
  }

  write({ term: at, vote, back, count }: Writing): Write {
    const end = replay([...this.durable, ...this.cached]).entries.length;
    const from = back < 0 ? ZERO_INDEX : logIndex(Math.max(1, end + 1 - back));
    const entries = Array.from({ length: from === 0 ? 0 : count }, () => this.entry());
    const hardState = at === 0 ? undefined : { term: term(at), votedFor: nodeId(vote) };
    const write = { ticket: ++this.tickets, hardState, compaction: undefined, from, entries: Object.freeze(entries) };
    this.cached.push(write);
    return write;
  }

  complete(): void {
    this.durable.push(...this.cached.splice(0, 1));
  }

  crash(kept: number, torn: boolean): void {
    this.durable.push(...this.cached.splice(0, kept));
    const [lost] = this.cached;
    this.torn = torn && lost !== undefined;
    if (this.torn && lost !== undefined) this.durable.push(...wholeParts(lost));
    this.cached = [];
  }

  private entry(): Entry {
    this.salt++;
    return { term: term(1 + (this.salt % 3)), command: { hash: hashText(String(this.salt)), bytes: 8 } };
  }
}

/** Does the same to both; compares what each step answers, and at the end of each step everything. */
function moveTogether(script: readonly Action[]): { readonly disk: Disk; readonly model: Model } {
  const disk = new Disk();
  const model = new Model();
  for (const action of script) {
    if (action.kind === 'write') {
      disk.issue(model.write(action));
    } else if (action.kind === 'crash') {
      disk.crash(action.kept, action.torn);
      model.crash(action.kept, action.torn);
      expect(found(disk)).toEqual({ outcome: model.torn ? 'torn' : 'clean', ...model.content });
    } else if (model.cachedWrites > 0) {
      expect(disk.completeOldest()).toBe(model.oldestTicket);
      model.complete();
    }
    compare(disk, model);
  }
  expect(found(disk)).toEqual({ outcome: 'clean', ...model.content });
  return { disk, model };
}

/** What a recovery finds, with its entries as a plain array. */
function found(disk: Disk): unknown {
  const recovery = disk.recover();
  if (recovery.outcome === 'wiped' || recovery.outcome === 'damaged') return recovery;
  const { hardState, log } = recovery.recovered;
  return { outcome: recovery.outcome, hardState, entries: log.slice(1, Infinity) };
}

/** Everything that can be asked of a running disk. */
function compare(disk: Disk, model: Model): void {
  const { hardState, entries } = model.content;
  expect(disk.hardState).toEqual(hardState);
  expect([disk.lastIndex, disk.cachedWrites, disk.oldestTicket()]).toEqual([
    entries.length,
    model.cachedWrites,
    model.oldestTicket,
  ]);
  let prefix = 0;
  for (const [i, entry] of entries.entries()) {
    prefix = extendPrefixHash(prefix, entry.term, entry.command.hash);
    expect(disk.prefixHashAt(logIndex(i + 1))).toBe(prefix);
    expect(disk.entryAt(logIndex(i + 1))).toBe(entry);
  }
  expect(disk.prefixHashAt(logIndex(entries.length + 1))).toBeUndefined();
}

describe(`a disk behaves like a list of records ${SEED_NOTE}`, () => {
  it('through any writes, completions and crashes', () => {
    fc.assert(
      fc.property(actions, (script) => {
        moveTogether(script);
      }),
      runs(500),
    );
  });

  it('and one damaged record is found, and told by its place', () => {
    fc.assert(
      fc.property(actions, fc.nat(20), (script, place) => {
        const { disk, model } = moveTogether(script);
        const at = place % (model.content.entries.length + 1);
        disk.damage(logIndex(at));
        expect(disk.recover()).toEqual({ outcome: 'damaged', index: at });
      }),
      runs(200),
    );
  });

  it('and what is durable survives every crash that only loses the cache', () => {
    fc.assert(
      fc.property(actions, fc.nat(4), (script, kept) => {
        const { disk, model } = moveTogether(script);
        disk.crash(0, false);
        expect(found(disk)).toEqual({ outcome: 'clean', ...model.content });
        disk.crash(kept, true);
        expect(found(disk)).toEqual({ outcome: 'clean', ...model.content });
      }),
      runs(200),
    );
  });
});
