// Section 6 and dissertation 4: cluster membership, rule by rule: what a leader accepts, whose votes and copies count,
// which configuration is in force, who may stand, who leaves.

import { describe, expect, it } from 'vitest';
import { logIndex, term } from '../../src/base/ids.ts';
import {
  configurationCommand,
  configurationText,
  isQuorum,
  quorumIndex,
  type Configuration,
  type MembershipChange,
} from '../../src/protocol/configuration.ts';
import type { Entry } from '../../src/protocol/message.ts';
import { paperRules } from '../../src/raft/rules.ts';
import type { RaftNode } from '../../src/raft/node.ts';
import { effectsText, entriesOf, listOf, numbers, server } from '../support/text.ts';
import { node, restart, type NodeSpec, type TestNode } from '../support/node.ts';

const ids = (text: string) => text.split(' ').filter(Boolean).map(server);

/** `n1 n2 n3`, `n1 n4 leaving n1 n2 n3`, `n1 n2 learning n3`. */
function configuration(text: string): Configuration {
  const [rest = '', learners = ''] = text.split(' learning ');
  const [voters = '', outgoing = ''] = rest.split(' leaving ');
  return { voters: ids(voters), outgoing: ids(outgoing), learners: ids(learners) };
}

/** `+n4`, `+n4 +n5 -n1`, `?n4` to learn. */
const change = (text: string): MembershipChange => ({
  voters: ids(text.replaceAll(/[-?]n\d/g, '').replaceAll('+', '')),
  learners: ids(text.replaceAll(/[-+]n\d/g, '').replaceAll('?', '')),
  removed: ids(text.replaceAll(/[+?]n\d/g, '').replaceAll('-', '')),
});

const ask = (made: TestNode, wish: string): string =>
  effectsText(made.step({ kind: 'ChangeMembers', change: change(wish) }));

const inForce = ({ raft }: { readonly raft: RaftNode }): string => configurationText(raft.configuration);

/** An entry that carries a configuration. */
const entryOf = (text: string, at: number): Entry => ({
  term: term(at),
  command: configurationCommand(configuration(text)),
});

const leader: NodeSpec = { role: 'leader', term: 2, log: '2', matched: { n2: 1 } };

/** A server whose disk holds a log that ends with configurations. */
const holding = (spec: NodeSpec, terms: string, ...behind: readonly Entry[]): TestNode =>
  restart(spec, {
    hardState: { term: term(2), votedFor: server('nobody') },
    snapshot: undefined,
    log: listOf([...entriesOf(terms), ...behind]),
  });

describe('section 6: what a leader accepts', () => {
  it.each<[string, NodeSpec, 'off' | 'single' | 'joint', string, string]>([
    ['where nothing changes', leader, 'off', '+n4', 'its configuration is fixed'],
    ['where it follows', { term: 2, log: '2', leader: 'n2' }, 'single', '+n4', 'it does not lead'],
    ['before an entry of its term is committed', { ...leader, matched: {} }, 'single', '+n4', 'no entry of its term'],
    ['of two voters, one at a time', leader, 'single', '+n4 +n5', 'only one voter may change at a time'],
    ['of one for another, one at a time', leader, 'single', '+n4 -n3', 'only one voter may change at a time'],
    ['that changes nothing', leader, 'joint', '+n2', 'nothing would change'],
    ['that leaves nobody', leader, 'joint', '-n1 -n2 -n3', 'no voter would be left'],
  ])('not a change %s', (_when, spec, membership, wish, reason) => {
    const made = node({ ...spec, options: { membership } });
    expect(ask(made, wish)).toContain(`refuse change: ${reason}`);
    expect(inForce(made)).toBe('n1 n2 n3');
  });

  it.each<['single' | 'joint', string, string]>([
    ['single', '+n4', 'n1 n2 n3 n4'],
    ['single', '-n3', 'n1 n2'],
    ['single', '-n1', 'n2 n3'],
    ['single', '?n4', 'n1 n2 n3 learning n4'],
    ['joint', '+n4 +n5', 'n1 n2 n3 n4 n5 leaving n1 n2 n3'],
    ['joint', '+n4 -n3', 'n1 n2 n4 leaving n1 n2 n3'],
    ['joint', '?n4 ?n5', 'n1 n2 n3 learning n4 n5'],
  ])('%s: %s, and it is in force at once', (membership, wish, found) => {
    const made = node({ ...leader, options: { membership } });
    expect(ask(made, wish)).toContain('persist log from 2 [2]');
    expect(made.raft.configuration).toEqual(configuration(found));
  });

  it('one change at a time, until it is committed', () => {
    const made = node({ ...leader, options: { membership: 'single' } });
    ask(made, '+n4');
    expect(ask(made, '+n5')).toContain('refuse change: another change is under way');
    made.writeAll();
    for (const peer of ['n2', 'n3']) made.on(`${peer} AppendEntriesReply@2 ok prev 1 match 2`);
    expect(ask(made, '+n5')).not.toContain('refuse');
  });

  it('what is known of those who stay is kept', () => {
    const made = node({ ...leader, options: { membership: 'single' } });
    expect([made.progress('n2'), made.progress('n4')]).toEqual(['replicate match 1 next 2', 'none']);
    ask(made, '+n4');
    expect(made.progress('n2')).toBe('replicate match 1 next 3 inflight 1');
    expect(made.progress('n4')).toMatch(/^probe match 0/);
    made.writeAll();
    for (const peer of ['n2', 'n3']) made.on(`${peer} AppendEntriesReply@2 ok prev 1 match 2`);
    ask(made, '-n3');
    expect([made.progress('n2'), made.progress('n3')]).toEqual(['replicate match 2 next 4 inflight 1', 'none']);
  });

  it('none while it hands over its lead (thesis 3.10)', () => {
    const made = node({ ...leader, options: { membership: 'single' } });
    made.on('transfer to n3');
    expect(ask(made, '-n2')).toContain('refuse change: it hands over its lead');
  });
});

describe('section 6: a majority of each half', () => {
  it.each([
    ['n1 n2 n3', 'n1 n2', true],
    ['n1 n2 n3', 'n1', false],
    ['n1 n2 n3 n4', 'n1 n2', false],
    ['n1 n2 n3 n4', 'n1 n2 n3', true],
    ['n1 n2 n3 learning n4 n5', 'n1 n4 n5', false],
    ['n1 n2 n3 learning n4 n5', 'n1 n2', true],
    ['n1 n4 n5 leaving n1 n2 n3', 'n1 n4', false],
    ['n1 n4 n5 leaving n1 n2 n3', 'n1 n4 n2', true],
    ['n1 n4 n5 leaving n1 n2 n3', 'n1 n2 n3', false],
    ['n1 n4 n5 leaving n1 n2 n3', 'n1 n4 n5', false],
    ['n4 n5 n6 leaving n1 n2 n3', 'n4 n5 n1 n2', true],
    ['n4 n5 n6 leaving n1 n2 n3', 'n4 n5 n6 n1', false],
  ])('%s: %s elect: %s', (members, votes, elects) => {
    expect(isQuorum(configuration(members), ids(votes))).toBe(elects);
    expect(paperRules.isElected(configuration(members), ids(votes))).toBe(elects);
  });

  it.each([
    ['n1 n2 n3', '5 4 2', 4],
    ['n1 n2 n3 n4', '5 4 3 2', 3],
    ['n1 n2', '5 3', 3],
    ['n2 n3', '9 4 3', 3],
    ['n1 n2 n3 learning n4', '5 2 2 5', 2],
    ['n1 n4 n5 leaving n1 n2 n3', '7 3 2 7 7', 3],
    ['n1 n4 n5 leaving n1 n2 n3', '7 7 7 3 2', 3],
  ])('%s, which hold up to %s, commit up to %i', (members, held, commits) => {
    const matches = numbers(held).map((n) => logIndex(n));
    expect(quorumIndex(configuration(members), matches)).toBe(commits);
  });
});

describe('section 6: the configuration in force', () => {
  const options = { membership: 'single' } as const;

  it.each([
    ['that of the birth, without an entry', [], 'n1 n2 n3'],
    ['the last in the log, committed or not', [entryOf('n1 n2 n3 n4', 1)], 'n1 n2 n3 n4'],
    ['the last of several', [entryOf('n1 n2 n3 n4', 1), entryOf('n1 n2 n4', 1)], 'n1 n2 n4'],
  ])('is %s', (_which, behind, found) => {
    expect(inForce({ raft: holding({ options }, '1', ...behind).raft })).toBe(found);
  });

  it.each([
    ['n2 AppendEntries@2 prev 2@1 [2]', 'n1 n2 n3 n4'],
    ['n2 AppendEntries@2 prev 1@1 [2]', 'n1 n2 n3'],
  ])('goes back with what is cut: %s', (message, found) => {
    const made = holding({ options }, '1', entryOf('n1 n2 n3 n4', 1), entryOf('n1 n2 n4', 1));
    expect(inForce(made)).toBe('n1 n2 n4');
    made.on(message);
    expect(inForce(made)).toBe(found);
  });
});

describe('dissertation 4.2: who may stand for election', () => {
  const options = { membership: 'single' } as const;

  it.each([
    ['a voter', [], 'n1', 'candidate'],
    ['a learner', [entryOf('n1 n2 n3 learning n4', 1)], 'n4', 'follower'],
    ['who is made a learner by a change that is not committed', [entryOf('n1 n2 learning n3', 1)], 'n3', 'candidate'],
    ['a stranger', [], 'n4', 'follower'],
    ['who is left out by a change that is not committed', [entryOf('n2 n3', 1)], 'n1', 'candidate'],
    ['who was promoted by a change that is not committed', [entryOf('n1 n2 n3 n4', 1)], 'n4', 'candidate'],
  ])('%s', (_who, behind, id, role) => {
    const made = holding({ id, options }, '1', ...behind);
    made.on('election timeout');
    expect(made.raft.role).toBe(role);
  });

  it('who is left out by a committed change no more', () => {
    const made = holding({ options }, '1', entryOf('n2 n3', 1));
    made.on('n2 AppendEntries@2 prev 2@1 commit 2');
    made.on('election timeout');
    expect(made.raft.role).toBe('follower');
  });

  it('who stands without being a member does not count itself (4.2.2)', () => {
    const made = holding({ options }, '1', entryOf('n2 n3', 1));
    made.on('election timeout');
    made.writeAll();
    made.on('n2 RequestVoteReply@3 granted');
    expect(made.raft.role).toBe('candidate');
    made.on('n3 RequestVoteReply@3 granted');
    expect(made.raft.role).toBe('leader');
  });

  it.each(['n1', 'n4'])('a request is answered whoever sends it (4.1): %s', (id) => {
    const asker = id === 'n1' ? 'n4' : 'n1';
    const made = holding({ id, options }, '1');
    expect(made.on(`${asker} RequestVote@3 last 1@1`)).toContain(`persist term 3 vote ${asker}`);
    expect(made.writeAll()).toBe(`send ${asker} RequestVoteReply@3 granted`);
  });

  it('a leader that leaves leads until its removal is committed, without its own copy (4.2.2)', () => {
    const made = node({ ...leader, options });
    ask(made, '-n1');
    made.writeAll();
    made.on('n2 AppendEntriesReply@2 ok prev 1 match 2');
    expect([made.raft.role, made.view.commit]).toEqual(['leader', 1]);
    made.on('n3 AppendEntriesReply@2 ok prev 1 match 2');
    expect([made.raft.role, made.view.commit]).toEqual(['follower', 2]);
  });
});
