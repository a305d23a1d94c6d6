// A run of another Raft in the viewer: read from its trace, never taken again, and honest about what is not known.

import { describe, expect, it } from 'vitest';
import { raft } from '../../../examples/systems/typescript/raft.ts';
import { defineRaft } from '../../../src/systems/script/define-raft.ts';
import { decodeTrace } from '../../../src/trace/format.ts';
import type { Film } from '../../../src/view/film.ts';
import { filmOfRecord, unknownWords } from '../../../src/view/recorded-film.ts';
import { rowsOf } from '../../../src/view/rows.ts';
import { stepSentence } from '../../../src/view/sentence.ts';
import { stateAt } from '../../../src/view/state.ts';
import { scenarioOfFilm, traceOfFilm } from '../../../src/view/written.ts';
import { failing, filmed } from '../../support/films.ts';

function read(text: string): Film {
  const work = filmOfRecord(decodeTrace(text, 'run.ndjson'));
  for (;;) {
    const turn = work.next();
    if (turn.done === true) return turn.value;
  }
}

let started = 0;
const foreign = defineRaft({
  ...raft,
  name: 'watched',
  start(context) {
    started++;
    return raft.start(context);
  },
});
const original = filmed({ system: foreign.name, seed: '3', nodes: 3, length: { micros: 1_500_000 } });
const own = filmed(failing);

/** Everything that a panel or a lane shows, at some steps. */
function shown({ history, run }: Film, every: number): unknown[] {
  const found: unknown[] = [history.lines, history.steps, history.prints, run.fingerprint, run.verdicts];
  for (let step = 0; step <= history.last; step += every) {
    found.push([step, stateAt(history, step, Math.max(0, step - 40)), stepSentence(history, Math.max(1, step))]);
    const onTheirWay = history.onTheirWay(step).map(({ flight: { message, sentAt, endings, isOvertaken } }) => ({
      message: message.kind === 'Foreign' ? { ...message, payload: '' } : message,
      sentAt,
      endings,
      isOvertaken,
    }));
    found.push(onTheirWay);
  }
  return found;
}

describe('a trace with states', () => {
  it.each([
    ['another Raft', original],
    ['our own node', own],
  ] as const)('shows of %s what the run itself shows', (_, film) => {
    const before = started;
    const again = read(traceOfFilm(film, '1.0.0', true));
    expect(started).toBe(before);
    expect(shown(again, 37)).toEqual(shown(film, 37));
    expect(Array.from(again.goals.keys())).toEqual(Array.from(film.goals.keys()));
    expect(again.run.violation).toEqual(film.run.violation);
    for (let step = 1; step <= film.history.last; step += 7) {
      for (let node = 0; node < film.history.servers; node++) {
        expect(again.history.server(node, step)).toEqual(film.history.server(node, step));
      }
    }
    expect(traceOfFilm(again, '1.0.0') === traceOfFilm(film, '1.0.0', true)).toBe(true);
  });

  it('says what the system does not show, and makes no story of it', () => {
    const film = read(traceOfFilm(original, '1.0.0', true));
    expect(unknownWords(film).join(' ')).toContain('a recorded run of another Raft, watched');
    expect(() => scenarioOfFilm(film, '1.0.0', 'a story')).toThrow('raft-sim scenario record');
    const { name } = defineRaft({ ...raft, name: 'shy', shows: ['terms'] });
    const shy = filmed({ system: name, seed: '3', nodes: 3, length: { micros: 900_000 } });
    const seen = read(traceOfFilm(shy, '1.0.0', true));
    expect(unknownWords(seen).join(' ')).toMatch(/does not show who follows.*the entries of each log/);
    const keys = stateAt(seen.history, seen.history.last, 0).flatMap(({ texts }) => texts.map(({ key }) => key));
    expect(keys).toContain('term');
    for (const key of ['role', 'vote', 'commit', 'disk']) expect(keys).not.toContain(key);
  });

  it('that was changed by hand is refused with its place', () => {
    const text = traceOfFilm(original, '1.0.0', true);
    expect(() => read(text.replace('"base":0,"from":1,', '"base":0,"from":7,'))).toThrow(
      /^run\.ndjson:\d+:\d+: what was seen cannot/,
    );
    expect(() => read(text.replace('"seen":{"line"', '"seem":{"line"'))).toThrow(
      /^run\.ndjson:2:\d+: unknown key "seem"/,
    );
  });
});

describe('a trace without states', () => {
  const film = read(traceOfFilm(original, '1.0.0'));

  it('shows every step, which servers ran, and says that the rest is not known', () => {
    expect(film.history.last).toBe(original.history.last);
    expect(unknownWords(film).join(' ')).toContain('written without --states');
    for (let step = 1; step <= film.history.last; step += 11) {
      for (let node = 0; node < 3; node++) {
        expect(film.history.server(node, step).status).toBe(original.history.server(node, step).status);
        expect(film.history.server(node, step).role).toBe('unknown');
      }
      expect(film.history.lines[step]).toContain(`#${step}`);
      expect(stepSentence(film.history, step)).toMatch(/\.$/);
    }
    const texts = stateAt(film.history, film.history.last, 0).flatMap((server) => server.texts);
    expect(texts.map(({ key }) => key)).not.toContain('term');
    expect(rowsOf(film.history, true).count).toBeGreaterThan(0);
  });
});
