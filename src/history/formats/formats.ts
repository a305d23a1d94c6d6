// The formats of histories, as a table: a new one costs its file and a row here.
//
// Which one a file is in is told by its first line that says something.

import type { LineReader } from '../event.ts';
import { ednReader } from './edn.ts';
import { jepsenLogReader } from './jepsen-log.ts';
import { maelstromReader } from './maelstrom.ts';
import { historyFormats, type HistoryFormat } from './names.ts';
import { ndjsonReader } from './ndjson.ts';

interface FormatRow {
  readonly meaning: string;
  /** Is a file that begins with this line in this format? */
  readonly isBegunBy: RegExp;
  /** Reads a file of this name, line by line. */
  readonly reader: (file: string) => LineReader;
}

export const historyFormatTable: Readonly<Record<HistoryFormat, FormatRow>> = {
  'jepsen-log': {
    meaning: "lines of Jepsen's log, as in Porcupine's data of etcd",
    isBegunBy: /^\s*(?:INFO|WARN|ERROR|DEBUG|jepsen\.util)\b/,
    reader: jepsenLogReader,
  },
  maelstrom: {
    meaning: "messages of Maelstrom's clients, one JSON object a line",
    isBegunBy: /^\s*\{.*"body"\s*:/,
    reader: maelstromReader,
  },
  ndjson: {
    meaning: 'events or whole calls, one JSON object a line',
    isBegunBy: /^\s*\{\s*"/,
    reader: ndjsonReader,
  },
  edn: {
    meaning: "operations of Jepsen and Knossos, and Porcupine's key-value files",
    isBegunBy: /^\s*[[({#;]/,
    reader: ednReader,
  },
};

/** The format of a file by a line of it; undefined if it is blank or in none. */
export function formatBegunBy(line: string): HistoryFormat | undefined {
  return historyFormats.find((name) => historyFormatTable[name].isBegunBy.test(line));
}
