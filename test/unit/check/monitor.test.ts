// The watch against a memory that keeps everything: what it tells the properties of each step, and what the ghost knows.
//
// Logs are long here, for the watch forgets in batches what is committed everywhere.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logIndex, term } from '../../../src/base/ids.ts';
import { EntryList } from '../../../src/protocol/entry-list.ts';
import type { Ghost, Property } from '../../../src/check/property.ts';
import { freshGhost, Monitor } from '../../../src/check/monitor.ts';
import { Log } from '../../../src/raft/log.ts';
import type { Host } from '../../../src/sim/host.ts';
import { World } from '../../../src/sim/world.ts';
import { runs, seeded } from '../../support/seed.ts';
import { entriesNamed, Puppet } from '../../support/stage.ts';

const NODES = 2;

/** What a step does to a puppet: its log cut back by so many entries, then so many appended, and so on. */
interface Move {
  readonly node: number;
  readonly cut: number;
  readonly append: number;
  /** Of which kind the new entries are: equal kinds at equal places are equal entries. */
  readonly kind: number;
  readonly commit: number;
  readonly termUp: number;
  readonly role: 'follower' | 'candidate' | 'leader';
  readonly restart: boolean;
}

const sometimes = (max: number): fc.Arbitrary<number> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(max) });

const move: fc.Arbitrary<Move> = fc.record({
  node: fc.nat(NODES - 1),
  cut: sometimes(500),
  append: fc.oneof(fc.nat(3), fc.nat(400)),
  kind: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(2) }),
  commit: fc.oneof(fc.nat(5), fc.nat(500)),
  termUp: sometimes(2),
  role: fc.constantFrom('follower', 'follower', 'candidate', 'leader'),
  restart: fc.boolean(),
});

const listener = (told: string[]): Property => ({
  name: 'listener',
  mood: 'always',
  started: (host) => void told.push(`n${host.id + 1} started`),
  logChanged: (host, kept, before) => void told.push(`n${host.id + 1} log kept ${kept} of ${before}`),
  turned: (host) => void told.push(`n${host.id + 1} turned`),
  elected: (host) => void told.push(`n${host.id + 1} elected`),
  committed: (host, before) => void told.push(`n${host.id + 1} committed from ${before}`),
  uncommitted: (host, before) => void told.push(`n${host.id + 1} uncommitted from ${before}`),
  stepped: (host) => void told.push(`n${host.id + 1} stepped`),
});

interface Memory {
  words: string[];
  role: string;
  term: number;
  commit: number;
}

/** Two puppets, the watch, and what should be told. */
class Theatre {
  readonly ghost: Ghost = freshGhost(NODES);
  readonly told: string[] = [];
  readonly expected: string[] = [];
  private readonly watch = new Monitor(this.ghost, [listener(this.told)]);
  private readonly puppets = Array.from({ length: NODES }, () => new Puppet());
  private readonly hosts = new World(this.puppets).hosts;
  private readonly memories = this.puppets.map((): Memory => ({ words: [], role: 'follower', term: 0, commit: 0 }));
  /** The words that were first committed at each place. */
  readonly committed: string[] = [];

  constructor() {
    for (const host of this.hosts) {
      this.watch.started(host);
      this.watch.stepped(host);
      this.expected.push(`n${host.id + 1} started`, `n${host.id + 1} stepped`);
    }
  }

  play({ node, cut, append, kind, commit, termUp, role, restart }: Move): void {
    const puppet = this.puppets[node] as Puppet;
    const host = this.hosts[node] as Host;
    const memory = this.memories[node] as Memory;
    const words = memory.words.slice(0, Math.max(0, memory.words.length - cut));
    for (let i = 0; i < append; i++) words.push(`1${'abc'[kind] ?? 'a'}`);
    const list = new EntryList();
    for (const entry of entriesNamed(words.join(' '))) list.push(entry);
    puppet.log = new Log(list);
    puppet.currentTerm = term(memory.term + termUp);
    puppet.role = restart ? 'follower' : role;
    puppet.commitIndex = logIndex(restart ? 0 : Math.min(words.length, commit));
    if (restart) {
      this.watch.crashed(host);
      this.tellLog(node, words);
      this.expected.push(`n${node + 1} started`);
      Object.assign(memory, { role: 'follower', term: puppet.currentTerm, commit: 0 });
      this.watch.started(host);
    } else this.tellLog(node, words);
    this.watch.stepped(host);
    this.tellStep(node, puppet);
  }

  private tellLog(node: number, words: string[]): void {
    const memory = this.memories[node] as Memory;
    const same = memory.words.findIndex((word, i) => word !== words[i]);
    const kept = same === -1 ? memory.words.length : same;
    const isSame = kept === memory.words.length && kept === words.length;
    if (!isSame) this.expected.push(`n${node + 1} log kept ${kept} of ${memory.words.length}`);
    memory.words = words;
  }

  private tellStep(node: number, puppet: Puppet): void {
    const memory = this.memories[node] as Memory;
    const name = `n${node + 1}`;
    const termRose = puppet.currentTerm !== memory.term;
    if (puppet.role !== memory.role || termRose) this.expected.push(`${name} turned`);
    if (puppet.role === 'leader' && (memory.role !== 'leader' || termRose)) this.expected.push(`${name} elected`);
    if (puppet.commitIndex > memory.commit) {
      this.expected.push(`${name} committed from ${memory.commit}`);
      for (let i = this.committed.length; i < puppet.commitIndex; i++) this.committed.push(memory.words[i] ?? '');
    }
    if (puppet.commitIndex < memory.commit) this.expected.push(`${name} uncommitted from ${memory.commit}`);
    this.expected.push(`${name} stepped`);
    Object.assign(memory, { role: puppet.role, term: puppet.currentTerm, commit: puppet.commitIndex });
  }
}

describe(seeded('the watch tells what a memory that keeps everything tells'), () => {
  it('of any steps, as long as all agree about what is committed', () => {
    // Commits of what another one has differently are a finding at once, and nothing is promised behind it.
    fc.assert(
      fc.property(fc.array(move, { maxLength: 25, size: 'max' }), (moves) => {
        const theatre = new Theatre();
        for (const one of moves) theatre.play({ ...one, kind: 0 });
        expect(theatre.told).toEqual(theatre.expected);
        expect(theatre.ghost.committed.length - 1).toBe(theatre.committed.length);
      }),
      runs(120),
    );
  });

  it('of any logs, when nothing is committed', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 25, size: 'max' }), (moves) => {
        const theatre = new Theatre();
        for (const one of moves) theatre.play({ ...one, commit: 0 });
        expect(theatre.told).toEqual(theatre.expected);
      }),
      runs(80),
    );
  });

  it('of logs that are cut far behind what is committed, and grow again as something else', () => {
    const still = { node: 0, kind: 0, termUp: 0, role: 'leader', restart: false } as const;
    const theatre = new Theatre();
    theatre.play({ ...still, cut: 0, append: 1_000, commit: 900 });
    for (const cut of [50, 200, 600]) {
      theatre.play({ ...still, cut, append: 0, commit: 300 });
      theatre.play({ ...still, cut: 0, append: 700, kind: 1, commit: 300 });
    }
    theatre.play({ ...still, node: 1, cut: 0, append: 400, commit: 300 });
    theatre.play({ ...still, node: 1, cut: 400, append: 300, kind: 2, commit: 0 });
    expect(theatre.told).toEqual(theatre.expected);
  });
});

describe('findings', () => {
  it('the first one stays, whatever follows; of one step, that of the first property', () => {
    const says = (name: string, when: number): Property => {
      let steps = 0;
      return { name, mood: 'always', stepped: () => (++steps >= when ? `${name} at ${steps}` : undefined) };
    };
    const [host] = new World([new Puppet()]).hosts as [Host];
    const watch = new Monitor(freshGhost(1), [says('late', 3), says('second', 2), says('also', 2)]);
    watch.started(host);
    watch.stepped(host);
    expect(watch.violation).toBeUndefined();
    watch.stepped(host);
    expect(watch.violation).toEqual({ property: 'second', why: 'second at 2' });
    watch.stepped(host);
    expect(watch.violation).toEqual({ property: 'second', why: 'second at 2' });
  });
});
