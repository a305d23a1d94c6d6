// What a run can be written as for other programs, as one table: a new format costs its file and a row here.
//
// A row makes a text from a film; the page, the command line and the tests go through the same table.

import { asciinemaOf } from './asciinema.ts';
import { itfOf } from './itf.ts';
import { sequenceDiagramOf } from './mermaid.ts';
import { perfettoOf } from './perfetto.ts';
import { shivizOf } from './shiviz.ts';
import type { MarkedFact } from './facts.ts';
import type { Film } from './film.ts';
import { svgOf } from './svg.ts';
import { scenarioOfFilm, traceOfFilm } from './written.ts';

export interface ExportInput {
  readonly film: Film;
  readonly facts: readonly MarkedFact[];
  /** The range of steps of formats that show a range. */
  readonly from: number;
  readonly to: number;
  readonly isFolded: boolean;
  readonly title: string;
  readonly version: string;
}

export interface ExportRow {
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
  /** The end of a file's name. */
  readonly file: string;
  readonly type: string;
  make(input: ExportInput): string;
}

const WIDTH = 1100;

export const exportTable: readonly ExportRow[] = [
  {
    name: 'trace',
    title: 'trace',
    meaning: 'for raft-sim replay and raft-sim view',
    file: 'trace.ndjson',
    type: 'application/x-ndjson',
    make: ({ film, version }) => traceOfFilm(film, version),
  },
  {
    name: 'scenario',
    title: 'scenario',
    meaning: 'for raft-sim scenario run, to be kept and edited',
    file: 'yaml',
    type: 'application/yaml',
    make: ({ film, version, title }) => scenarioOfFilm(film, version, title),
  },
  {
    name: 'svg',
    title: 'SVG',
    meaning: 'a picture of a range, for papers and issues',
    file: 'svg',
    type: 'image/svg+xml',
    make: ({ film, facts, from, to, isFolded, title }) =>
      svgOf({ history: film.history, facts, from, to, isFolded, width: WIDTH, title }),
  },
  {
    name: 'mermaid',
    title: 'Mermaid',
    meaning: 'a sequence diagram of a range',
    file: 'mmd',
    type: 'text/plain',
    make: ({ film, from, to }) => sequenceDiagramOf(film.history, from, to),
  },
  {
    name: 'perfetto',
    title: 'Perfetto',
    meaning: 'trace events for ui.perfetto.dev: roles, steps and messages in time',
    file: 'perfetto.json',
    type: 'application/json',
    make: ({ film }) => perfettoOf(film),
  },
  {
    name: 'shiviz',
    title: 'ShiViz',
    meaning: 'a log with vector clocks, for its default parser',
    file: 'shiviz.log',
    type: 'text/plain',
    make: ({ film }) => shivizOf(film.history),
  },
  {
    name: 'itf',
    title: 'ITF',
    meaning: 'states of a range in the Informal Trace Format of TLA+ tools',
    file: 'itf.json',
    type: 'application/json',
    make: ({ film, from, to, title }) => itfOf(film.history, from, to, title),
  },
  {
    name: 'asciinema',
    title: 'asciinema',
    meaning: 'a recording of the lanes in a terminal',
    file: 'cast',
    type: 'application/x-asciicast',
    make: ({ film, from, to, title }) => asciinemaOf(film.history, from, to, title),
  },
];
