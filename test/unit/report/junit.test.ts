// JUnit XML: its shape, and that no text can break it.

import { describe, expect, it } from 'vitest';
import { scenariosJunit } from '../../../src/report/junit.ts';
import { notRun, type ScenarioResult } from '../../../src/report/result.ts';
import { broken, defective, failed, passed, wrong } from './results.ts';

const xml = (...results: readonly ScenarioResult[]): string =>
  scenariosJunit({ results, realMillis: 2345, interrupted: false });

describe('JUnit', () => {
  it('has a suite for each folder and a case for each scenario', () => {
    expect(xml(passed('a/1.yaml'), failed('a/2.yaml'), passed('b/3.yaml'), notRun('b/4.yaml'))).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="raft-sim" tests="4" failures="1" errors="0" skipped="1" time="2.345">
  <testsuite name="a" tests="2" failures="1" errors="0" skipped="0" time="0.025">
    <testcase name="the story of a/1.yaml" classname="a/1.yaml" file="a/1.yaml" time="0.012"/>
    <testcase name="the story of a/2.yaml" classname="a/2.yaml" file="a/2.yaml" time="0.012">
      <failure type="expectation" message="a/2.yaml:6:36: expect: logs: n2: expected n2 log 1 1, found n2 log 1">\
a/2.yaml:6:36: expect: logs: n2
  - expect: { logs: { n2: 1 1 } }
                      ^
expected  n2 log 1 1
found     n2 log 1
repeat    raft-sim scenario run x.yaml

the last steps
  #1 a step

the servers
  node  role
  n1    leader</failure>
    </testcase>
  </testsuite>
  <testsuite name="b" tests="2" failures="0" errors="0" skipped="1" time="0.012">
    <testcase name="the story of b/3.yaml" classname="b/3.yaml" file="b/3.yaml" time="0.012"/>
    <testcase name="b/4.yaml" classname="b/4.yaml" file="b/4.yaml" time="0.000">
      <skipped/>
    </testcase>
  </testsuite>
</testsuites>
`,
    );
  });

  it('tells mistakes and defects as errors', () => {
    const text = xml(wrong('a.yaml'), defective('b.yaml'));
    expect(text).toContain('<testsuites name="raft-sim" tests="2" failures="0" errors="2"');
    expect(text).toContain('<error type="mistake" message="a.yaml:3:1: unknown key &quot;sed&quot;">a.yaml:3:1');
    expect(text).toContain('<error type="defect" message="a defect of raft-sim itself: planted">');
  });

  it('escapes what would be markup', () => {
    const text = xml(broken('a.yaml'), passed('b.yaml', { name: '<&>"\'' }));
    expect(text).toContain('found     n1 &amp; n2 &lt;differ&gt;\n');
    expect(text).toContain('name="&lt;&amp;&gt;&quot;\'"');
  });

  it('writes nothing that XML has no way to write', () => {
    const odd = 'a\0b\u001bc\ud800d\uffffe\u{1f600}f\ttab\nline\rreturn]]>';
    const text = xml(failed('x.yaml', { found: odd, what: odd }));
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\0-\x08\x0b-\x1f\ufffe\uffff]/);
    expect(text).not.toMatch(/\p{Cs}/u);
    expect(text).toContain('a\ufffdb\ufffdc\ufffdd\ufffde\u{1f600}f\ttab\nline&#13;return]]&gt;');
    expect(text).toContain('found a\ufffdb\ufffdc\ufffdd\ufffde\u{1f600}f&#9;tab&#10;line&#13;return]]&gt;"');
  });
});
