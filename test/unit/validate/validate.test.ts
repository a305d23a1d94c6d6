// Logs of servers as texts: which promise each contradicts, what is not decided, and which mistakes are named where.
//
// Each can be judged by eye. The order between servers never matters: every broken log is read forwards and by server.

import { describe, expect, it } from 'vitest';
import type { LoggedEvent } from '../../../src/validate/event.ts';
import { ServerLogReader } from '../../../src/validate/formats.ts';
import { itfState } from '../../../src/validate/itf.ts';
import { loggedPromises } from '../../../src/validate/promises.ts';
import { Validation, type LoggedVerdict } from '../../../src/validate/validate.ts';

function eventsOf(lines: readonly string[]): LoggedEvent[] {
  const reader = new ServerLogReader('servers.ndjson');
  return lines.flatMap((line, i) => Array.from(reader.line(line, i + 1)));
}

function validated(events: readonly LoggedEvent[]): Validation {
  const validation = new Validation();
  for (const event of events) validation.take(event);
  return validation;
}

const verdictOf = (lines: readonly string[], property: string): LoggedVerdict | undefined =>
  validated(eventsOf(lines))
    .verdicts()
    .find((verdict) => verdict.property === property);

/** `n1 role term=1 role=leader`: words that are numbers are numbers. */
const log = (...events: readonly string[]): string[] =>
  events.map((event) => {
    const [server, kind, ...fields] = event.split(' ');
    const given = fields.map((field) => field.split('='));
    const values = given.map(([name = '', value = '']) => [name, /^\d+$/.test(value) ? Number(value) : value]);
    return JSON.stringify({ server, event: kind, ...Object.fromEntries(values) });
  });

/** All that a server does in an ordinary life. */
const ordinary = (server: string, role: string): string[] =>
  log(
    `${server} restart`,
    `${server} term term=1`,
    `${server} vote term=1 for=n1`,
    `${server} role term=1 role=${role}`,
    `${server} append index=1 term=1 command=a`,
    `${server} append index=2 term=1 command=b`,
    `${server} commit index=2`,
    `${server} apply index=1 command=a`,
    `${server} apply index=2 command=b`,
  );

const cluster = [...ordinary('n1', 'leader'), ...ordinary('n2', 'follower'), ...ordinary('n3', 'follower')];

const broken: readonly (readonly [property: string, why: string, lines: readonly string[]])[] = [
  ['election-safety', 'n2 leads term 1, and so does n1', log('n2 role term=1 role=leader')],
  ['vote-once', 'n3 votes for n2 in term 1, in which it voted for n1', log('n3 vote term=1 for=n2')],
  ['monotonicity', 'n3 is in term 0, after term 1', log('n3 term term=0')],
  ['monotonicity', 'n3 commits up to 1, after 2', log('n3 commit index=1')],
  ['leader-append-only', 'n1 leads term 1 and cuts its log at entry 2', log('n1 truncate index=2')],
  ['leader-append-only', 'n1 leads term 1 and writes over entry 2', log('n1 append index=2 term=1')],
  ['log-matching', 'entry 2@1 is "c" on n2 and "b" on n1', log('n2 append index=2 term=1 command=c')],
  [
    'log-matching',
    'before entry 3@4 stands term 2 on n3 and term 1 on n2',
    log('n2 append index=3 term=4', 'n3 append index=2 term=2', 'n3 append index=3 term=4'),
  ],
  ['state-machine-safety', 'n3 has "z" at the committed index 2, and n1 has "b"', log('n3 apply index=2 command=z')],
  [
    'leader-completeness',
    'n3 leads term 2 without entry 2; n1 committed it in term 1',
    log('n3 truncate index=2', 'n3 term term=2', 'n3 role term=2 role=leader'),
  ],
  [
    'leader-completeness',
    'n3 leads term 3 with entry 2 of term 2; n1 committed that of term 1 in term 1',
    log('n3 append index=2 term=2', 'n3 role term=3 role=leader'),
  ],
  [
    'commit-legitimacy',
    'n2 leads term 2 and commits entry 3, which is of term 1',
    log('n2 append index=3 term=1', 'n2 role term=2 role=leader', 'n2 commit index=3'),
  ],
];

describe('a log of servers', () => {
  it('that contradicts nothing keeps every promise', () => {
    const verdicts = validated(eventsOf(cluster)).verdicts();
    expect(verdicts.map(({ property, outcome }) => [property, outcome])).toEqual(
      Object.keys(loggedPromises).map((property) => [property, 'kept']),
    );
  });

  it.each(broken)('that breaks %s: %s', (property, why, lines) => {
    expect(verdictOf([...cluster, ...lines], property)).toMatchObject({ outcome: 'broken', why });
    expect(verdictOf([...cluster, ...lines], property)?.lines.length).toBeGreaterThan(0);
    const events = eventsOf([...cluster, ...lines]);
    const byServer = ['n3', 'n2', 'n1'].flatMap((server) => events.filter((event) => event.server === server));
    const verdict = validated(byServer)
      .verdicts()
      .find((one) => one.property === property);
    expect(verdict?.outcome).toBe('broken');
  });

  it('breaks each promise of the table here', () => {
    expect(new Set(broken.map(([property]) => property))).toEqual(new Set(Object.keys(loggedPromises)));
  });

  it('that does not tell of something keeps nothing that needs it', () => {
    const without = (kind: string, server = 'n'): string[] =>
      cluster.filter((line) => !(line.includes(`"${kind}"`) && line.includes(`"server":"${server}`)));
    expect(verdictOf(without('vote'), 'vote-once')).toMatchObject({ outcome: 'not applicable' });
    expect(verdictOf(without('vote', 'n2'), 'vote-once')).toMatchObject({
      outcome: 'unknown',
      why: 'n2 does not tell of: vote',
    });
    const gap = [...cluster, ...log('n3 append index=7 term=1')];
    expect(verdictOf(gap, 'log-matching')).toMatchObject({
      outcome: 'unknown',
      why: `the log of n3 has a gap at line ${gap.length}`,
    });
  });

  it('may tell of commands only where it executes them', () => {
    const lines = ['n1', 'n2'].flatMap((server) =>
      log(`${server} append index=1 term=1`, `${server} commit index=1`, `${server} apply index=1 command=${server}`),
    );
    expect(verdictOf(lines, 'state-machine-safety')).toMatchObject({
      outcome: 'broken',
      why: 'n2 has "n2" at the committed index 1, and n1 has "n1"',
    });
  });

  it('that begins in the middle or behind a snapshot makes up no contradiction', () => {
    const late = log('n4 append index=9 term=1', 'n4 role term=2 role=leader');
    expect(verdictOf([...cluster, ...late], 'leader-completeness')?.outcome).toBe('unknown');
    const snapshot = log('n4 snapshot index=2 term=1', 'n4 append index=3 term=2', 'n4 role term=2 role=leader');
    expect(verdictOf([...cluster, ...snapshot], 'leader-completeness')?.outcome).toBe('unknown');
    expect(verdictOf([...cluster, ...snapshot], 'log-matching')?.outcome).toBe('kept');
  });

  it('becomes states for TLA+ tools', () => {
    const { servers } = validated(eventsOf(ordinary('n1', 'leader')));
    expect(itfState(4, Array.from(servers.values()))).toEqual({
      '#meta': { index: 4 },
      currentTerm: { '#map': [['n1', { '#bigint': '1' }]] },
      role: { '#map': [['n1', 'leader']] },
      log: { '#map': [['n1', { '#map': [1, 2].map((i) => [{ '#bigint': String(i) }, { '#bigint': '1' }]) }]] },
      commitIndex: { '#map': [['n1', { '#bigint': '2' }]] },
    });
  });
});

describe("the trace of etcd's raft", () => {
  const traced = (
    name: string,
    nid: string,
    term: number,
    vote: string,
    role: string,
    commit = 0,
    size = 0,
  ): string => {
    const event = { name, nid, state: { term, vote, commit }, role: `State${role}`, log: size, conf: [['1', '2'], []] };
    return JSON.stringify({ level: 'debug', msg: 'trace', tag: 'trace', event });
  };
  const boot = (nid: string, term: number, vote: string): string[] => [
    traced('InitState', nid, 0, '0', 'Follower'),
    traced('ApplyConfChange', nid, 0, '0', 'Follower'),
    traced('BecomeFollower', nid, term, vote, 'Follower'),
  ];
  const trace = [
    ...boot('1', 0, '0'),
    ...boot('2', 0, '0'),
    traced('BecomeCandidate', '1', 1, '1', 'Candidate'),
    traced('SendRequestVoteResponse', '2', 1, '1', 'Follower'),
    traced('BecomeLeader', '1', 1, '1', 'Leader'),
    traced('Replicate', '1', 1, '1', 'Leader', 0, 1),
    traced('Commit', '1', 1, '1', 'Leader', 1, 1),
  ];

  it('is read as it is', () => {
    const verdicts = validated(eventsOf(trace)).verdicts();
    const of = (outcome: string): string[] =>
      verdicts.filter((one) => one.outcome === outcome).map((one) => one.property);
    expect(of('kept')).toEqual(['election-safety', 'vote-once', 'monotonicity']);
    expect(of('broken')).toEqual([]);
    expect(of('not applicable')).toContain('log-matching');
  });

  it('counts no state from before a server has read its disk', () => {
    expect(verdictOf([...trace, ...boot('2', 1, '1')], 'monotonicity')?.outcome).toBe('kept');
  });

  it.each([
    [
      'vote-once',
      '2 votes for 2 in term 1, in which it voted for 1',
      traced('BecomeCandidate', '2', 1, '2', 'Candidate'),
    ],
    ['election-safety', '2 leads term 1, and so does 1', traced('BecomeLeader', '2', 1, '1', 'Leader')],
    ['monotonicity', '2 is in term 0, after term 1', boot('2', 0, '0').join('\n')],
    [
      'leader-completeness',
      '2 leads term 2 without entry 1; 1 committed it in term 1',
      traced('BecomeLeader', '2', 2, '2', 'Leader'),
    ],
  ])('shows %s broken: %s', (property, why, line) => {
    expect(verdictOf([...trace, ...line.split('\n')], property)).toMatchObject({ outcome: 'broken', why });
  });
});

describe('a mistake', () => {
  it.each([
    [
      '{"server": "n1", "event": "aply", "index": 1}',
      'servers.ndjson:1:18: found the event "aply"; did you mean apply?',
    ],
    [
      '{"server": "n1", "event": "vote", "term": -1, "for": "n2"}',
      'servers.ndjson:1:35: found term -1 in the event vote',
    ],
    [
      '{"server": "n1", "event": "append", "index": 1}',
      'found term nowhere in the event append, expected a whole number',
    ],
    ['{"event": "term", "term": 1}', 'servers.ndjson:1:1: expected "server", a text, and "event"'],
    ['{"server": "n1",', 'servers.ndjson:1:17: found no JSON here'],
    ['[]', 'servers.ndjson:1:1: expected one JSON object a line'],
    ['{"server": "n1", "event": "restart", "tells": ["votes"]}', 'found tells ["votes"], expected kinds of events'],
  ])('in %s is named by its place', (line, message) => {
    expect(() => eventsOf([line])).toThrow(message);
  });
});
