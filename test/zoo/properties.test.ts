// Every property can be broken: by a variant of the zoo where there is one, else by a node that this test spoils.
//
// Only the property in question is checked, so that nothing else stops the run before. The sound node, under the very
// same seeds and profiles, keeps it.

import { describe, expect, it } from 'vitest';
import { NOBODY, type NodeId } from '../../src/base/ids.ts';
import { ZERO_INDEX, type HardState } from '../../src/protocol/message.ts';
import type { Recovered } from '../../src/protocol/recovered.ts';
import { Log } from '../../src/raft/log.ts';
import { paperRules } from '../../src/raft/rules.ts';
import { propertyNames, type PropertyName } from '../../src/run/properties.ts';
import type { Process } from '../../src/sim/process.ts';
import type { Variant } from '../../src/zoo/row.ts';
import { variantNames, variantTable, type VariantName } from '../../src/zoo/variant.ts';
import type { Outbox } from '../../src/protocol/outbox.ts';
import { Timer } from '../../src/protocol/timers.ts';
import { effectsIn, outboxOfEffects } from '../support/effects.ts';
import { aroundDoors, foreignViolation, spoiled, type ForeignRun } from '../support/foreign.ts';

const SEEDS = 100;

/** The row of a variant as a run of our own. */
function ofVariant(name: VariantName): Partial<ForeignRun> {
  const { hunt, rules, handlers, sessions, options }: Variant = variantTable[name];
  return {
    ...(hunt?.nodes === undefined ? {} : { nodes: hunt.nodes }),
    ...(hunt?.spares === undefined ? {} : { spares: hunt.spares }),
    ...(hunt?.profile === undefined ? {} : { profile: hunt.profile }),
    ...(hunt?.parameters === undefined ? {} : { parameters: hunt.parameters }),
    ...(rules === undefined ? {} : { rules }),
    ...(handlers === undefined ? {} : { handlers }),
    ...(sessions === undefined ? {} : { sessions }),
    ...(options === undefined ? {} : { options }),
  };
}

const withoutArms = (outbox: Outbox, timer: string): Outbox =>
  outboxOfEffects(effectsIn(outbox).filter((effect) => effect.kind !== 'arm' || effect.timer !== timer));

const withRefusalsTwice = (outbox: Outbox): Outbox =>
  outboxOfEffects(
    effectsIn(outbox).flatMap((effect) => {
      const isRefusal =
        effect.kind === 'send' && effect.message.kind === 'AppendEntriesReply' && !effect.message.success;
      return isRefusal ? [effect, effect] : [effect];
    }),
  );

/** A leader that cuts its own log when it sends heartbeats. */
function cutsItsLog(sound: Process): Process {
  return aroundDoors(sound, (enter, { timer }) => {
    const outbox = enter();
    const { role, log, commitIndex } = sound.probe;
    const isHeartbeat = timer === Timer.heartbeat;
    if (isHeartbeat && role === 'leader' && log.lastIndex > commitIndex && log instanceof Log)
      log.cutFrom(log.lastIndex);
    return outbox;
  });
}

/** A server that goes back to term 0 in memory whenever it refuses a vote. */
function forgetsItsTerm(sound: Process): Process {
  let fallen = false;
  const doors = aroundDoors(sound, (enter, { message }) => {
    fallen = message?.kind === 'RequestVoteReply' && !message.granted;
    return enter();
  });
  return spoiled(doors, {
    get probe() {
      const { probe } = sound;
      const { role, currentTerm, votedFor, leader, transferee, holdsLease, commitIndex, configuration, log } = probe;
      const term = fallen ? ((currentTerm - 1) as typeof currentTerm) : currentTerm;
      return {
        role,
        currentTerm: term,
        votedFor,
        leader,
        transferee,
        holdsLease,
        commitIndex,
        configuration,
        log,
        followerOf: (id: NodeId) => probe.followerOf(id),
      };
    },
  });
}

/** The term that stood on the disk, with the vote free again. */
const forgotten = ({ hardState }: Recovered): HardState => ({ term: hardState.term, votedFor: NOBODY });

/** What breaks a property, and what the sentence must be like. */
type Breaker = readonly [what: string, run: Partial<ForeignRun>, sentence: RegExp];

const breakers: Readonly<Record<PropertyName, readonly Breaker[]>> = {
  'election-safety': [
    [
      'votes for everyone',
      // Every request finds a free vote; without the no-op the logs do not decide either.
      { rules: { voteOnStepDown: () => NOBODY }, ...ofVariant('vote-reset-same-term-follower') },
      /^n\d and n\d were both elected leader of term \d+$/,
    ],
    [
      'half of the votes make a leader',
      { nodes: 4, rules: { isElected: ({ voters }, votes) => votes.length * 2 >= voters.length } },
      /^n\d and n\d were both elected leader of term \d+$/,
    ],
  ],
  'leader-append-only': [
    [
      'a leader cuts its own log',
      { wrap: cutsItsLog },
      /^n\d leads term \d+ with a log of \d+ entries and changed entry \d+$/,
    ],
  ],
  'log-matching': [
    [
      'no consistency check',
      ofVariant('append-skips-prev-check'),
      /^n\d and n\d both hold an entry \d+ of term \d+, but their logs differ at or before it$/,
    ],
  ],
  'snapshot-consistency': [
    [
      'a snapshot under the label of the next entry',
      ofVariant('snapshot-index-mismatch'),
      /^n\d has a snapshot of \d+ entries with the state \w+, but after entry \d+ the state was \w+$/,
    ],
    [
      'a snapshot that is older than the one before',
      ofVariant('snapshot-older-installed'),
      /^n\d goes from a snapshot of \d+ entries back to one of \d+$/,
    ],
  ],
  'progress-truth': [
    [
      'what was sent since passes for acknowledged',
      ofVariant('match-from-current-state'),
      /^n\d believes that n\d holds \d+ entries, but durable there are \d+, or others$/,
    ],
  ],
  'leader-completeness': [
    [
      'votes for stale logs',
      ofVariant('vote-no-log-check'),
      /^n\d leads term \d+ with .*entry \d+.* was committed in term \d+$/,
    ],
  ],
  'state-machine-safety': [
    [
      'commits what was not verified',
      ofVariant('commit-beyond-verified-prefix'),
      /^n\d commits entry \d+ with another log up to there than the one that was committed before$/,
    ],
    [
      'a machine that depends on where it runs',
      {
        wrap: (sound, id) =>
          spoiled(sound, {
            apply(index) {
              const applied = sound.apply(index);
              return id === 2 && index > 20 ? { ...applied, stateHash: applied.stateHash ^ 1 } : applied;
            },
          }),
      },
      /^n\d applied an entry \d+ of term \d+, n\d applies one of term \d+ there, and they end in different states$/,
    ],
  ],
  'vote-once': [
    [
      'votes that are not persisted',
      ofVariant('vote-not-persisted-before-reply'),
      /^n\d votes for n\d in term \d+, in which it voted for n\d before$/,
    ],
    [
      'a recovery that forgets the vote',
      {
        ...ofVariant('vote-not-persisted-before-reply'),
        rules: {},
        handlers: () => ({ recover: (disk) => ({ ...disk, hardState: forgotten(disk) }) }),
      },
      /^n\d votes for n\d in term \d+, in which it voted for n\d before$/,
    ],
  ],
  'configuration-safety': [
    [
      'a configuration that counts once it is committed',
      ofVariant('config-effective-when-committed'),
      /^n\d uses the configuration .*, but the last one in its log is .*, at \d+$/,
    ],
    [
      'a change begun too early',
      ofVariant('single-change-before-term-commit'),
      /^n\d leads term \d+ and appends configuration \d+, but has committed no entry of its term$/,
    ],
    [
      'two changes at once',
      ofVariant('overlapping-config-changes'),
      /^n\d leads term \d+ and appends configuration \d+, but the one at \d+ is not committed$/,
    ],
    [
      'several voters in one step',
      ofVariant('direct-multi-server-switch'),
      /^n\d leads term \d+ and appends configuration \d+: .*, two configurations with disjoint quorums$/,
    ],
    [
      'several voters in what should be a single step',
      { ...ofVariant('overlapping-config-changes'), rules: { isSingleStep: () => true } },
      /^n\d leads term \d+ and appends configuration \d+: .*, two configurations with disjoint quorums$/,
    ],
    [
      'a majority of both halves together',
      ofVariant('joint-union-majority'),
      /^n\d leads term \d+ by the votes of \d of \d servers and \d of \d that leave: /,
    ],
    [
      'a leader that stays when it is removed',
      ofVariant('removed-leader-stays'),
      /^n\d has committed that it does not vote in .*, and leads term \d+ on$/,
    ],
    [
      'a learner that stands for election',
      ofVariant('learner-campaigns'),
      /^n\d stands for election in term \d+, but does not vote in /,
    ],
  ],
  'commit-legitimacy': [
    [
      'a wrong median',
      ofVariant('commit-median-wrong'),
      /^n\d commits entry \d+, which is durable on \d of 5 servers$/,
    ],
    [
      'counts replicas of older terms',
      ofVariant('commit-counts-prior-term'),
      /^n\d leads term \d+ and commits entry \d+ by counting, which is of term \d+$/,
    ],
    [
      'followers that commit what they have',
      { rules: { followerCommit: (_leaderCommit, verified) => verified } },
      /^n\d commits entry \d+, but no leader has committed /,
    ],
  ],
  'committed-on-quorum': [
    [
      'a follower that cuts what it has acknowledged',
      ofVariant('append-truncates-always'),
      /^n\d no longer holds entry \d+, which was committed in term \d+: \d of 5 servers do$/,
    ],
    [
      'a damaged record that is taken for a torn tail',
      ofVariant('corrupt-tail-truncated'),
      /^n\d no longer holds entry \d+, which was committed in term \d+: \d of 3 servers do$/,
    ],
  ],
  monotonicity: [
    [
      'terms that are told before they are durable',
      { ...ofVariant('ack-before-persist'), rules: { waitsForDisk: () => false } },
      /^n\d restarts in term \d+, but has sent messages of term \d+$/,
    ],
    ['a term that falls', { wrap: forgetsItsTerm }, /^n\d goes from term \d+ back to \d+$/],
  ],
  'durability-honesty': [
    [
      'acknowledges what is not durable',
      ofVariant('ack-before-persist'),
      /^n\d acknowledges entry \d+, but its disk holds /,
    ],
    [
      'votes that are not durable',
      ofVariant('vote-not-persisted-before-reply'),
      /^n\d (tells of its vote for n\d in term \d+, but its disk says|sends a message of term \d+, but its disk says)/,
    ],
  ],
  'exactly-once': [
    ['no sessions', ofVariant('retry-without-dedup'), /^n\d executes command \d+ of c\d a second time, at entry \d+$/],
  ],
  'message-budget': [
    [
      'one transfer behind the other',
      ofVariant('newer-snapshot-begins-anew'),
      /^n\d begins to send a snapshot of \d+ entries to n\d before that of \d+ entries has arrived$/,
    ],
    [
      'a refusal for each entry',
      ofVariant('hint-ignored'),
      /^n\d leads term \d+ and has gone back \d+ times to find where the log of n\d parts from its own$/,
    ],
  ],
  'answers-agree': [
    [
      'an answer to a newer command',
      ofVariant('retry-gets-newest-answer'),
      /^n\d answers call \d+ of c\d with ".*", but n\d answered ".*"$/,
    ],
  ],
  'timer-armed': [
    [
      'a leader without heartbeats',
      { wrap: (sound) => aroundDoors(sound, (enter) => withoutArms(enter(), 'heartbeat')) },
      /^n\d is a leader and has no heartbeat timer$/,
    ],
    [
      'a server that waits for ever',
      { wrap: (sound) => aroundDoors(sound, (enter) => withoutArms(enter(), 'election')) },
      /^n\d is no leader and has no election timer$/,
    ],
  ],
  'steady-leader': [
    [
      'a term that is raised before the pre-votes are there',
      ofVariant('term-inflation'),
      /^n\d goes from term \d+ to \d+ with 1 of 5 pre-votes, its own among them$/,
    ],
    [
      'pre-votes of an older term',
      ofVariant('pre-vote-counts-any-term'),
      /^n\d goes from term \d+ to \d+ with \d of 5 pre-votes, its own among them$/,
    ],
    [
      'a vote against the leader that was just heard',
      ofVariant('stickiness-ignored'),
      /^n\d votes for n\d in term \d+, but it heard n\d within the shortest election timeout$/,
    ],
    [
      'a pre-vote against the leader that was just heard',
      { ...ofVariant('stickiness-ignored'), options: { preVote: true } },
      /^n\d would vote for n\d, but it heard n\d within the shortest election timeout$/,
    ],
  ],
  'leader-hears-quorum': [
    [
      'a leader that leads on',
      ofVariant('leader-without-checkquorum'),
      /^n\d leads term \d+ on, but in a whole election timeout \d of 5 servers answered, itself among them$/,
    ],
  ],
  'lease-validity': [
    [
      'voters that are not loyal',
      ofVariant('lease-without-vote-refusal'),
      /^n\d holds a lease in term \d+, but n\d was elected in term \d+$/,
    ],
    [
      'a lease that outlives the lead',
      ofVariant('lease-survives-transfer'),
      /^n\d holds a lease in term \d+, but n\d was elected in term \d+$/,
    ],
  ],
  'read-freshness': [
    [
      'a leader that asks nobody',
      ofVariant('read-local-no-quorum'),
      /^n\d answers a read of c\d by index as of entry \d+, but entry \d+ was committed when it came$/,
    ],
    [
      'a follower that has not executed enough',
      ofVariant('read-before-applied'),
      /^n\d answers a read of c\d by follower as of entry \d+, but has executed entry \d+ only$/,
    ],
  ],
  'commit-follows': [
    [
      'a follower that commits with empty requests only',
      {
        handlers: (paper) => ({
          AppendEntries: (node, message) => {
            const leaderCommit = (message.entries.length > 0 ? 0 : message.leaderCommit) as typeof message.leaderCommit;
            paper.AppendEntries(node, { ...message, leaderCommit });
          },
        }),
      },
      /^n\d takes a request of n\d that verifies entry \d+ and says that \d+ is committed, and has committed \d+$/,
    ],
  ],
  'orderly-transfer': [
    [
      'commands during a transfer',
      ofVariant('transfer-keeps-accepting'),
      /^n\d takes entry \d+ while it hands over to n\d$/,
    ],
    [
      'one that lags behind and is to take over',
      ofVariant('transfer-to-lagging-node'),
      /^n\d is told to take over term \d+, but the log of n\d ends at \d+, its own at \d+$/,
    ],
    [
      'a voter that stays loyal',
      ofVariant('transfer-blocked-by-stickiness'),
      /^n\d does not look at the request of n\d, which is to take over in term \d+$/,
    ],
  ],
  'transfer-ends': [
    [
      'a leader that waits for ever for the one that is to take over',
      {
        parameters: { transferEvery: 300_000 },
        wrap: (sound) => aroundDoors(sound, (enter) => withoutArms(enter(), 'transfer')),
      },
      /^n\d hands over to n\d, and no timer runs that would end this$/,
    ],
    [
      'a transfer that outlives the leadership',
      ofVariant('transfer-outlives-leadership'),
      /^n\d hands over to n\d, but it is no leader any more$/,
    ],
  ],
  'handlers-never-throw': [
    ['no consistency check', ofVariant('append-skips-prev-check'), /^n\d stopped in the middle of a step: /],
    [
      'a handler that asserts what the network brings',
      {
        wrap: (sound) =>
          aroundDoors(sound, (enter, { message }) => {
            const stale = message?.kind === 'RequestVoteReply' && message.term < sound.probe.currentTerm;
            if (stale) throw new Error('votes come in their own term');
            return enter();
          }),
      },
      /^n\d stopped in the middle of a step: votes come in their own term$/,
    ],
  ],
  linearizability: [
    ['no sessions', { ...ofVariant('retry-without-dedup'), parameters: { duplicateCall: 300_000 } }, /^c\d /],
    [
      'answers before the commit',
      {
        rules: {
          quorumMatch: (_voters, matches) => matches.reduce((most, one) => (one > most ? one : most), ZERO_INDEX),
        },
      },
      /^c\d /,
    ],
  ],
  'bounded-liveness': [
    [
      'a leader that never sends a heartbeat',
      {
        nodes: 3,
        profile: 'partitions',
        handlers: (paper) => ({
          RequestVoteReply: (node, reply) => {
            const led = node.role === 'leader';
            paper.RequestVoteReply(node, reply);
            if (!led && node.role === 'leader') node.disarm(Timer.heartbeat);
          },
        }),
      },
      /^(no server leads|none of the \d+ writes|the logs have not|commit indexes have not|terms)/,
    ],
    [
      'nothing ever commits',
      { rules: { quorumMatch: () => ZERO_INDEX } },
      /^none of the \d+ writes that began after the faults has committed$/,
    ],
    [
      'servers that learn of no newer term',
      { rules: { adoptsTerm: () => false } },
      /^no server leads term \d+, long after the faults$/,
    ],
    [
      'a pre-vote that counts as a leader’s word',
      ofVariant('prevote-refreshes-leader-contact'),
      /^no server leads term \d+, long after the faults$/,
    ],
    [
      'nobody is ever elected',
      { rules: { voteCounts: () => false } },
      /^no server leads term \d+, long after the faults$/,
    ],
    [
      'a leader that never finds where the logs part',
      {
        rules: {
          nextIndexAfterRejection: (_log, reply) => reply.prevLogIndex,
          prevMatches: (log, index, term) => index > 0 && paperRules.prevMatches(log, index, term),
        },
      },
      /^(none of the \d+ writes|the logs have not converged|no server leads)/,
    ],
    [
      'a refusal that is sent twice, and a leader that asks again each time',
      {
        profile: 'partitions',
        ...ofVariant('reject-hint-always-last-index'),
        wrap: (sound) => aroundDoors(sound, (enter) => withRefusalsTwice(enter())),
      },
      /^messages pile up without end: /,
    ],
    [
      'an election timer that is not armed after a vote',
      {
        nodes: 3,
        profile: 'crashes',
        wrap: (sound) => spoiled(sound, { start: (recovered) => withoutArms(sound.start(recovered), 'election') }),
      },
      /^no server leads term \d+, long after the faults$/,
    ],
  ],
};

describe.each(propertyNames)('%s', (property) => {
  it.each(breakers[property])('is broken by %s', (_what, run, sentence) => {
    const found = Array.from({ length: SEEDS }, (_, i) => i + 1).find((seed) => {
      const violation = foreignViolation({ seed: String(seed), property, ...run });
      if (violation === undefined) return false;
      expect(violation.property).toBe(property);
      expect(violation.why.split('\n')[0]).toMatch(sentence);
      return true;
    });
    expect(found, `not within ${SEEDS} seeds`).toBeDefined();
  });

  it.each(breakers[property])('is kept by the sound node where %s breaks it', (_what, run) => {
    const { rules: _rules, handlers: _handlers, sessions: _sessions, wrap: _wrap, ...rest } = run;
    for (let seed = 1; seed <= 3; seed++) {
      expect(foreignViolation({ seed: String(seed), property, ...rest }), `seed ${seed}`).toBeUndefined();
    }
  });
});

it('every rule of the paper is broken by a variant, or above', () => {
  const byVariants = variantNames.flatMap((name) => Object.keys((variantTable[name] as Variant).rules ?? {}));
  const above = Object.values(breakers).flatMap((rows) => rows.flatMap(([, run]) => Object.keys(run.rules ?? {})));
  const changed = new Set([...byVariants, ...above]);
  expect(Object.keys(paperRules).filter((rule) => !changed.has(rule))).toEqual([]);
});
