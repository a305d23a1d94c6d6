// The one-line notation: the story of the golden file, and the pieces that lines are made of.

import { describe, expect, it } from 'vitest';
import { clientId, logIndex, micros, nodeId, NOBODY, term, type NodeId } from '../../../src/base/ids.ts';
import { NO_OP, type Command, type Entry, type Message } from '../../../src/protocol/message.ts';
import { makeCall } from '../../../src/protocol/operation.ts';
import { makePlan } from '../../../src/run/plan.ts';
import { simulate } from '../../../src/run/simulate.ts';
import type { Answer } from '../../../src/sim/process.ts';
import type { LinkEnds } from '../../../src/sim/step.ts';
import { sendsOf, stepLine, stepInWords } from '../../../src/trace/line.ts';
import { notation, type LineContext } from '../../../src/trace/notation.ts';
import { TraceRecorder } from '../../../src/trace/recorder.ts';
import { answerWords, linksWords, messageWords, oneLine } from '../../../src/trace/words.ts';
import { samples } from './steps.ts';
import { tellStory } from './story.ts';

const WHY = 'Every kind of step in the one-line notation: the run that test/unit/trace/story.ts moves by hand.';

const nothing: LineContext = { message: undefined, answer: undefined, term: undefined, cached: 0, host: undefined };
const [n1, n2, n3] = [nodeId(0), nodeId(1), nodeId(2)];

describe('the story', () => {
  it('reads as in the golden file', async () => {
    const recorder = new TraceRecorder({ lines: true });
    tellStory(recorder);
    const lines = recorder.drain().map(({ line }) => line);
    await expect(`${[WHY, '', ...lines].join('\n')}\n`).toMatchFileSnapshot('../../golden/trace-lines.txt');
  });
});

describe('lines of a wild run', () => {
  const recorder = new TraceRecorder({ lines: true });
  simulate(makePlan({ seed: '3', nodes: 5, profile: 'chaos', length: { steps: 6_000 } }), { recorder });
  const traced = recorder.drain();

  it('all have the same columns, and no more than they show', () => {
    const all = new Set(Object.values(notation).map(({ sign }) => sign));
    const signs = Array.from(all, (sign) => `\\${sign}`.replace(/\\(?=[^=!])/, '')).join('');
    const pattern = new RegExp(
      `^ {2}#\\d+ +\\d\\d:\\d\\d\\.\\d{6} {2}(?:n\\d(?:@\\d+)?|n\\d→n\\d|c\\d+|links|all) +[${signs}] \\S`,
    );
    expect(traced.length).toBeGreaterThan(5_000);
    for (const { line, step } of traced) {
      expect(line).toMatch(pattern);
      expect(line.startsWith(`  #${step} `)).toBe(true);
      expect(line).not.toMatch(/undefined|NaN|null|-1@|\s$|\n/);
    }
  });
});

describe('a step of which nothing else is known', () => {
  it('still has a line', () => {
    const told = samples.map((step, i) => stepLine(i + 1, step.at, stepInWords(step, nothing), [], []).slice(24));
    expect(told).toEqual([
      'n5       ← n1 message 5',
      'n5       ← n1 message 5',
      'n1→n5    ⊘ drop message 5           cut',
      'n1→n5    ⇉ duplicate message 5',
      'n2       ⏲ election',
      'n2       ⏲ heartbeat',
      'n2       ▼ durable',
      'n2       ▼ durable',
      'n2       ! write-failed             sync error, nothing cached',
      'n2       ✗ crash                    nothing cached',
      'n2       ∅ wipe',
      'n2       ↑ restart',
      'n2       ‖ pause',
      'n2       ▷ resume',
      'links    ≠ cut 1                    two-way: n1↔n5',
      'links    = heal 1',
      'links    ≈ slow 2                   ×10: n1↔n5',
      'links    = mend 2',
      'n2       ◷ clock                    rate -200 ppm, jump -1500 µs',
      'all      ○ calm                     no more faults',
      'n2       ← c3.4 call                put k1=3.1',
      'n2       ← c3.4 call                put k1=3.1',
      'c3       ← answer 3',
    ]);
  });

  it.each([
    [0, 0, 'rate 0 ppm, jump 0 µs'],
    [1, -1, 'rate +1 ppm, jump -1 µs'],
  ])('has signs where they tell something: %i, %i', (ratePpm, jump, words) => {
    const clock = { kind: 'clock', at: micros(0), node: n1, ratePpm, jump } as const;
    expect(stepInWords(clock, nothing).detail).toBe(words);
  });

  it('tells a lost answer', () => {
    const lost = { kind: 'answer', at: micros(0), client: clientId(0), number: 2, lost: true } as const;
    expect(stepLine(9, lost.at, stepInWords(lost, nothing), [], []).slice(24)).toBe(
      'c1       ⊘ answer 2                 lost',
    );
  });

  it('stands in columns that grow when they must', () => {
    const step = { kind: 'timer', at: micros(3_600_000_001), node: nodeId(9), timer: 'election' } as const;
    const wide = stepLine(
      12_345_678,
      step.at,
      stepInWords(step, { ...nothing, term: 1_000_000 }),
      ['a', 'b'],
      ['n1 x', 'c1.1 y'],
    );
    expect(wide).toBe('  #12345678 1:00:00.000001  n10@1000000 ⏲ election                 ⇒ a, b   → n1 x   → c1.1 y');
  });
});

describe('messages', () => {
  const ends = { from: n1, to: n2, term: term(7) };
  const put = (value: string): Entry => {
    return { term: term(6), command: makeCall(clientId(0), 1, { kind: 'put', key: 'k', value }) };
  };
  const append = (entries: readonly Entry[]): Message => ({
    kind: 'AppendEntries',
    ...ends,
    prevLogIndex: logIndex(12),
    prevLogTerm: term(6),
    entries,
    leaderCommit: logIndex(11),
  });
  const reply = (success: boolean): Message => ({
    kind: 'AppendEntriesReply',
    ...ends,
    success,
    prevLogIndex: logIndex(12),
    matchIndex: logIndex(14),
    conflictTerm: term(3),
    conflictIndex: logIndex(9),
  });
  const unknown: Command = { hash: 0xbeef, bytes: 4 };

  it.each<readonly [string, Message]>([
    ['last 5@3', { kind: 'RequestVote', ...ends, lastLogIndex: logIndex(5), lastLogTerm: term(3), isTransfer: false }],
    ['granted', { kind: 'RequestVoteReply', ...ends, granted: true }],
    ['refused', { kind: 'RequestVoteReply', ...ends, granted: false }],
    ['prev 12@6 commit 11', append([])],
    ['prev 12@6 [13@6 put k=a] commit 11', append([put('a')])],
    ['prev 12@6 [13@6 put k=a, 14@6 put k=b, 15@6 put k=c] commit 11', append(['a', 'b', 'c'].map(put))],
    ['prev 12@6 [13@6 put k=a, … 2 more …, 16@6 put k=d] commit 11', append(['a', 'b', 'c', 'd'].map(put))],
    ['prev 12@6 [13@7 no-op] commit 11', append([{ term: term(7), command: NO_OP }])],
    ['prev 12@6 [13@7 command 0000beef] commit 11', append([{ term: term(7), command: unknown }])],
    ['prev 12 match 14', reply(true)],
    ['prev 12 conflict 9@3', reply(false)],
  ])('%s', (words, message) => expect(messageWords(message)).toBe(words));

  it('that read alike are sent together, counted when one gets several', () => {
    const to = (node: NodeId, message: Message): Message => ({ ...message, to: node });
    const empty = append([]);
    const one = append([put('a')]);
    expect(sendsOf([to(n2, empty), to(n3, empty)], [])).toEqual(['n2 n3 AppendEntries']);
    expect(sendsOf([to(n2, one), to(n2, one), to(n3, empty), to(n3, one)], [])).toEqual([
      'n2×2 n3 AppendEntries [13]',
      'n3 AppendEntries',
    ]);
    expect(sendsOf([append([put('a'), put('b')]), reply(true)], [])).toEqual([
      'n2 AppendEntries [13..14]',
      'n2 AppendEntriesReply prev 12 match 14',
    ]);
  });
});

describe('answers', () => {
  const answer = (outcome: Answer['outcome'], result: string, leader: NodeId): Answer => {
    return { client: clientId(1), sequence: 5, outcome, result, leader };
  };

  it.each([
    ['"3.1"', answer('ok', '3.1', n1)],
    ['""', answer('ok', '', n1)],
    ['refused, try n3', answer('refused', '', n3)],
    ['refused', answer('refused', '', NOBODY)],
  ])('%s', (words, given) => {
    expect(answerWords(given)).toBe(words);
    expect(sendsOf([], [given])).toEqual([`c2.5 ${words}`]);
  });
});

describe('texts of clients', () => {
  it.each([
    ['plain', 'plain'],
    ['grün 🙂', 'grün 🙂'],
    ['a\nb\r\t', 'a\\u{a}b\\u{d}\\u{9}'],
    ['\u001b[31m', '\\u{1b}[31m'],
    ['\u0085\u2028\u2029', '\\u{85}\\u{2028}\\u{2029}'],
    ['\u202eabc\u200b', '\\u{202e}abc\\u{200b}'],
    ['\ud800', '\\u{d800}'],
    ['x'.repeat(40), 'x'.repeat(40)],
    ['x'.repeat(41), `${'x'.repeat(40)}…`],
    ['🙂'.repeat(41), `${'🙂'.repeat(40)}…`],
  ])('%j stays on its line', (text, shown) => expect(oneLine(text)).toBe(shown));
});

describe('links', () => {
  it.each<readonly [string, readonly (readonly [number, number])[]]>([
    ['', []],
    ['n1→n2', [[1, 2]]],
    [
      'n1↔n2 n2→n3',
      [
        [1, 2],
        [2, 3],
        [2, 1],
      ],
    ],
    [
      'n2→n1 n3→n1',
      [
        [2, 1],
        [3, 1],
      ],
    ],
    [
      'n1→n2',
      [
        [1, 2],
        [1, 2],
      ],
    ],
    [
      'n1↔n2 n1↔n3 n1↔n4 n1↔n5 n1↔n6 n1↔n7 n1↔n8 n1↔n9',
      [2, 3, 4, 5, 6, 7, 8, 9].flatMap(
        (n) =>
          [
            [1, n],
            [n, 1],
          ] as const,
      ),
    ],
    [
      'n1→n2 n1→n3 n1→n4 n1→n5 n1→n6 n1→n7 n1→n8 n1→n9 … 1 more',
      [2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => [1, n] as const),
    ],
  ])('%s', (words, pairs) => {
    const links = pairs.map(([from, to]): LinkEnds => [nodeId(from - 1), nodeId(to - 1)]);
    expect(linksWords(links)).toBe(words);
  });
});
