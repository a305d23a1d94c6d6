// Annotations of a GitHub workflow: where they stand, what is escaped, how many there are.

import { describe, expect, it } from 'vitest';
import { scenariosGithub } from '../../../src/report/github.ts';
import { notRun } from '../../../src/report/result.ts';
import { broken, defective, failed, passed, wrong } from './results.ts';

describe('annotations', () => {
  it('say nothing of what passed or was left out', () => {
    expect(scenariosGithub([passed('a.yaml'), notRun('b.yaml')])).toEqual([]);
  });

  it('stand at the place of the expectation', () => {
    expect(scenariosGithub([failed('./x/a.yaml')])).toEqual([
      '::error file=x/a.yaml,line=6,col=36,title=the story of ./x/a.yaml%3A expect%3A logs%3A n2::' +
        './x/a.yaml:6:36: expect: logs: n2%0A  - expect: { logs: { n2: 1 1 } }%0A                      ^%0A' +
        'expected  n2 log 1 1%0Afound     n2 log 1%0Arepeat    raft-sim scenario run x.yaml',
    ]);
    expect(scenariosGithub([broken('a.yaml')])[0]).toContain(',title=the story of a.yaml%3A log-matching is broken::');
  });

  it('stand at each mistake of a file', () => {
    expect(scenariosGithub([wrong('a,b%.yaml', 2)])).toEqual([
      '::error file=a%2Cb%25.yaml,line=3,col=1,title=a%2Cb%25.yaml::unknown key "sed"%0Adid you mean seed?',
      '::error file=a%2Cb%25.yaml,line=4,col=1,title=a%2Cb%25.yaml::unknown key "sed"%0Adid you mean seed?',
    ]);
    expect(scenariosGithub([wrong('a.yaml', 0)])).toEqual([
      '::error file=a.yaml,line=1,col=1,title=a.yaml::' +
        'a.yaml:3:1: unknown key "sed"%0Ased: 1%0A^%0Adid you mean seed?',
    ]);
    expect(scenariosGithub([defective('a.yaml')])[0]).toMatch(
      /^::error file=a\.yaml,line=1,col=1,title=a defect of raft-sim::/,
    );
  });

  it('escape what would end a property or a line', () => {
    const [line] = scenariosGithub([failed('a.yaml', { what: 'a:b,c\r\n100%', expected: 'a:b,c\r\n100%' })]);
    expect(line).toContain('title=the story of a.yaml%3A a%3Ab%2Cc%0D%0A100%25::');
    expect(line).toContain('expected  a:b,c%0D%0A100%25%0A');
  });

  it('are ten at most, and one that counts the rest', () => {
    const many = Array.from({ length: 13 }, (_, i) => failed(`${i}.yaml`));
    const lines = scenariosGithub(many);
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('::notice::and 3 more, which the log tells');
    expect(scenariosGithub(many.slice(0, 10))).toHaveLength(10);
  });
});
