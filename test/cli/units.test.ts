// The small tools of the command line: quantities, words, columns, colours, exit codes, files, progress.
//
// Each is a table; what can be typed and what is printed must be the same thing.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { assert, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError, UsageError } from '../../src/base/errors.ts';
import { Defect, defectLines } from '../../src/cli/defect.ts';
import { exitCodeOf, exitCodeOfSignal } from '../../src/cli/exit-code.ts';
import { WholeFile, writeWhole } from '../../src/cli/ui/files.ts';
import { mistakeLines } from '../../src/cli/ui/failure.ts';
import { foldedLine, grid, messageLines, packed, row, wrapped } from '../../src/cli/ui/layout.ts';
import { nearest } from '../../src/run/nearest.ts';
import { paintWith, wantsColour } from '../../src/cli/ui/paint.ts';
import { Progress, progressMode } from '../../src/cli/ui/progress.ts';
import { Channel } from '../../src/cli/ui/terminal.ts';
import { durationText, oddsText, parseDuration, parseOdds, parseWhole } from '../../src/run/quantity.ts';
import { groupDigits, realTimeText, virtualTimeText } from '../../src/cli/ui/units.ts';
import { programWords, shellText } from '../../src/cli/run/input.ts';
import { freshFolder } from './binary.ts';
import { sheet } from './paper.ts';

describe('durations', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['500us', 500],
    ['20ms', 20_000],
    ['1.5s', 1_500_000],
    ['60s', 60_000_000],
    ['2m', 120_000_000],
    ['1h', 3_600_000_000],
    ['1h30m', 5_400_000_000],
    ['0.25ms', 250],
    ['365d', 31_536_000_000_000],
  ])('%s', (text, micros) => expect(parseDuration('--for', text)).toBe(micros));

  it.each(['', 's', '5', '-5s', '+5s', '5 s', '5S', '1e3s', '5sec', '.5s', '5.s', 'NaN', '٣s', '0.0001ms'])(
    'not %j',
    (text) => {
      expect(() => parseDuration('--for', text)).toThrow(UsageError);
    },
  );

  it.each([
    [0, '0s'],
    [1, '1us'],
    [1_500, '1.5ms'],
    [900_000, '900ms'],
    [1_500_000, '1.5s'],
    [1_000_001, '1000.001ms'],
    [60_000_000, '1m'],
    [90_000_000, '90s'],
    [5_400_000_000, '90m'],
  ])('%d is printed %s', (micros, text) => expect(durationText(micros)).toBe(text));

  it('are read as they were printed', () => {
    assert(property(nat({ max: 31_536_000_000_000 }), (n) => parseDuration('x', durationText(n)) === n));
  });
});

describe('odds', () => {
  it.each([
    ['0', 0],
    ['5%', 50_000],
    ['0.1%', 1_000],
    ['300ppm', 300],
    ['100%', 1_000_000],
    ['0.0001%', 1],
  ])('%s', (text, ppm) => expect(parseOdds('--loss', text)).toBe(ppm));

  it.each(['', '5', '0.05', '-5%', '5 %', '0.5ppm', '1/3', '0.00001%'])('not %j', (text) => {
    expect(() => parseOdds('--loss', text)).toThrow(UsageError);
  });

  it('are read as they were printed', () => {
    assert(property(nat({ max: 1_000_000 }), (n) => parseOdds('x', oddsText(n)) === n));
    expect([0, 50_000, 5_000, 300, 1_000_000].map(oddsText)).toEqual(['0%', '5%', '0.5%', '300ppm', '100%']);
  });
});

describe('numbers for reading', () => {
  it('whole', () => {
    expect([0, 999, 1000, 44_265, 1_234_567].map(groupDigits)).toEqual(['0', '999', '1 000', '44 265', '1 234 567']);
    expect(parseWhole('--nodes', '5')).toBe(5);
    for (const text of ['', '-1', '2.5', 'abc', '1e3', '0x5', ' 5']) {
      expect(() => parseWhole('--nodes', text)).toThrow(UsageError);
    }
  });

  it('times', () => {
    expect([310, 12_400, 59_960, 192_000, 7_260_000].map(realTimeText)).toEqual([
      '0.31 s',
      '12.4 s',
      '1 min 0 s',
      '3 min 12 s',
      '2 h 1 min',
    ]);
    expect([59_949_000, 724_000_000, 11_520_000_000, 180_000_000_000].map(virtualTimeText)).toEqual([
      '59.9s',
      '12m 4s',
      '3h 12m',
      '2d 2h',
    ]);
  });
});

describe('exit codes', () => {
  it.each([
    [new CommanderError(0, 'commander.helpDisplayed', ''), 0],
    [new CommanderError(0, 'commander.version', ''), 0],
    [new CommanderError(1, 'commander.help', ''), 2],
    [new CommanderError(1, 'commander.unknownOption', ''), 2],
    [new UsageError('wrong flag'), 2],
    [new InvariantError('broken'), 70],
    [new TypeError('x is undefined'), 70],
    [new Defect('raft-sim run', new Error('why')), 70],
    ['thrown text', 70],
    [undefined, 70],
  ])('%s ends with %d', (error, code) => expect(exitCodeOf(error)).toBe(code));

  it('of signals', () => expect([exitCodeOfSignal('SIGINT'), exitCodeOfSignal('SIGTERM')]).toEqual([130, 143]));

  it('a defect tells what a report needs', () => {
    const lines = defectLines(
      new Defect('raft-sim run --seed 5', new InvariantError('terms never fall')),
      'raft-sim run',
    );
    expect(lines[0]).toBe('raft-sim: a defect of raft-sim itself: terms never fall');
    expect(lines[1]).toMatch(/^ +at /);
    expect(lines.at(-1)).toBe('  raft-sim run --seed 5');
    expect(defectLines('thrown text', 'raft-sim run')[0]).toContain('thrown text');
  });
});

describe('the nearest word', () => {
  const names = ['calm', 'lossy', 'partitions', 'crashes', 'disk', 'clocks', 'chaos'];
  it.each([
    ['losy', 'lossy'],
    ['LOSSY', 'lossy'],
    ['part', 'partitions'],
    ['caos', 'chaos'],
    ['dsik', 'disk'],
    ['banana', undefined],
    ['', undefined],
    ['x', undefined],
  ])('to %j is %s', (word, expected) => expect(nearest(word, names)).toBe(expected));
  it('of none', () => expect(nearest('x', [])).toBeUndefined());
});

describe('colours', () => {
  it.each([
    [true, {}, true, true],
    [false, {}, true, false],
    [true, {}, false, false],
    [true, { NO_COLOR: '1' }, true, false],
    [true, { NO_COLOR: '' }, true, true],
    [false, { FORCE_COLOR: '1' }, true, true],
    [false, { FORCE_COLOR: '1' }, false, false],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
    [true, { FORCE_COLOR: '0' }, true, false],
    [true, { TERM: 'dumb' }, true, false],
  ])('terminal %s, %j, allowed %s: %s', (isTerminal, env, allowed, expected) => {
    expect(wantsColour(isTerminal, env, allowed)).toBe(expected);
  });
  it('are marks around a text', () => {
    expect(paintWith(true).bad('x')).toBe('\x1b[31mx\x1b[39m');
    expect(paintWith(false).bad('x')).toBe('x');
  });
});

describe('a message', () => {
  it('shows control characters of names, and never sends them to the terminal', () => {
    const name = 'a\u001b[31m\u0007b\u009b\r\u007f';
    const seen = 'a\ufffd[31m\ufffdb\ufffd\ufffd\ufffd';
    expect(messageLines(`cannot read ${name}:\n\tgone`, 80)).toEqual([`cannot read ${seen}:`, '\tgone']);
    expect(mistakeLines([`${name}:1:1: odd`, `'${name}'`], 80)).toEqual([`${seen}:1:1: odd`, `'${seen}'`]);
  });
});

describe('columns', () => {
  const shape = { width: 20, labelWidth: 6, paint: paintWith(false) };
  it('wrap words beside a label', () => {
    expect(row(shape, 'lost', 'one two three four')).toEqual(['  lost  one two', '        three four']);
    expect(wrapped('averyveryverylongword b', 5)).toEqual(['averyveryverylongword', 'b']);
    expect(packed(['a b', 'c d'], ', ', 6)).toEqual(['a b,', 'c d']);
  });
  it('make grids', () => expect(grid(['a', 'bb', 'c'], 12, (cell) => cell)).toEqual(['  a   bb  c']));
  it('fold a long line of the notation below its event', () => {
    const line = `  #1      00:00.000000  n1@1     ← n2@1 AppendEntries       prev 1@1 commit 1   ⇒ commit 1   → n2 AppendEntriesReply`;
    expect(foldedLine(line, 200)).toEqual([line]);
    expect(foldedLine(line, 80)).toEqual([
      '  #1      00:00.000000  n1@1     ← n2@1 AppendEntries       prev 1@1 commit 1',
      '                                 ⇒ commit 1',
      '                                 → n2 AppendEntriesReply',
    ]);
    for (const folded of foldedLine(line, 70)) expect(folded.length).toBeLessThanOrEqual(70);
  });
});

describe('commands to copy', () => {
  it('quote what a shell would read otherwise', () => {
    expect(shellText(['run', '--seed', 'hello world', '--loss', '5%', "it's", '', '$x', '*'])).toBe(
      `run --seed 'hello world' --loss 5% 'it'\\''s' '' '$x' '*'`,
    );
  });
  it.each([
    ['/home/me/x/bin/raft-sim.js', '/home/me/x', undefined, 'node bin/raft-sim.js'],
    ['/home/me/x/bin/raft-sim.js', '/home/me/y', undefined, 'raft-sim'],
    ['/usr/local/bin/raft-sim', '/home/me', undefined, 'raft-sim'],
    ['/home/me/x/node_modules/.bin/raft-sim', '/home/me/x', 'exec', 'npx raft-sim'],
    [undefined, '/', undefined, 'raft-sim'],
  ])('start as %s in %s was started', (script, folder, npm, expected) => {
    expect(programWords(script, folder, npm).join(' ')).toBe(expected);
  });
});

describe('files', () => {
  it('have their name only when they are whole', () => {
    const folder = freshFolder();
    const path = join(folder, 'a.txt');
    writeFileSync(path, 'old');
    const file = WholeFile.open(path);
    file.write('new ');
    file.write('text ✓');
    expect(readFileSync(path, 'utf8')).toBe('old');
    file.finish();
    expect(readFileSync(path, 'utf8')).toBe('new text ✓');
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('leave nothing behind when they are given up', () => {
    const folder = freshFolder();
    const file = WholeFile.open(join(folder, 'a.txt'));
    file.write('x');
    file.abandon();
    expect(readdirSync(folder)).toEqual([]);
    const pieces = function* (): Generator<string> {
      yield 'x';
      throw new Error('no more');
    };
    expect(() => writeWhole(join(folder, 'deep/er/b.txt'), pieces())).toThrow('no more');
    expect(readdirSync(join(folder, 'deep/er'))).toEqual([]);
  });

  it('are never folders, and devices are written directly', () => {
    const folder = freshFolder();
    mkdirSync(join(folder, 'd'));
    expect(() => WholeFile.open(join(folder, 'd'))).toThrow('EISDIR');
    const device = WholeFile.open('/dev/null');
    device.write('x');
    device.finish();
    expect(readFileSync('/dev/null', 'utf8')).toBe('');
  });
});

describe('progress', () => {
  const channel = (shape: { isTTY?: boolean; columns?: number }): Channel => new Channel(sheet(shape));
  const wide = { isTTY: true, columns: 80 };

  it.each([
    [wide, {}, false, 'spinner'],
    [wide, {}, true, 'none'],
    [wide, { CI: 'true' }, false, 'lines'],
    [wide, { CI: '' }, false, 'spinner'],
    [wide, { CI: 'false' }, false, 'spinner'],
    [wide, { TERM: 'dumb' }, false, 'lines'],
    [{ isTTY: true, columns: 0 }, {}, false, 'lines'],
    [{ isTTY: true }, {}, false, 'lines'],
    [{}, {}, false, 'lines'],
  ])('%j %j quiet %s: %s', (shape, env, quiet, expected) => {
    expect(progressMode(channel(shape), env, quiet)).toBe(expected);
  });

  it('is a line every ten seconds where nobody sees a spinner', async () => {
    const stream = sheet();
    let now = 0;
    const progress = new Progress(new Channel(stream), 'lines', () => now);
    for (now = 0; now <= 30_000; now += 500) await progress.tick(() => `at ${now}`);
    progress.stop();
    await progress.tick(() => 'after the end');
    expect(stream.text()).toBe('at 10000\nat 20000\nat 30000\n');
  });
});

describe('a stream', () => {
  it('that lost its reader is written no more, without trouble', () => {
    const stream = sheet();
    const channel = new Channel(stream);
    channel.line('a');
    stream.fail('EPIPE');
    channel.line('b');
    expect(stream.text()).toBe('a\n');
    expect(channel.isClosed).toBe(true);
    expect(channel.trouble).toBeUndefined();
  });
  it('that broke otherwise says why', () => {
    const stream = sheet();
    const channel = new Channel(stream);
    stream.fail('ENOSPC');
    expect(channel.trouble).toBe('planted ENOSPC');
  });
});
