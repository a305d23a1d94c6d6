// The log of an early Jepsen, as Porcupine keeps histories of etcd: `INFO jepsen.util - 0 :invoke :read nil`.
//
// A swap that is refused there says that another value was found; a read that timed out says nothing.

import { columnOf, HistoryError, type EventType, type LineReader } from '../event.ts';
import { Keyword } from '../value.ts';
import { EdnText } from './edn-values.ts';

const LINE = /^\s*(?:INFO\s+)?jepsen\.util\s+-\s+(\S+)\s+:(invoke|ok|fail|info)\s+:(\S+)\s+(.*)$/;

export function jepsenLogReader(file: string): LineReader {
  return {
    line(text, number) {
      if (text.trim() === '') return [];
      const found = LINE.exec(text);
      if (found === null) {
        if (/^\s*(?:INFO|WARN|ERROR|DEBUG)\b/.test(text)) return []; // another part of the program speaks
        throw new HistoryError(
          file,
          number,
          columnOf(text),
          'expected a line such as INFO  jepsen.util - 0 :invoke :read nil',
        );
      }
      const [, client = '', type = '', action = '', rest = ''] = found;
      if (client.startsWith(':')) return [];
      const value = new EdnText(rest).value();
      const isMismatch = type === 'fail' && action === 'cas' && !(value instanceof Keyword);
      return [
        {
          process: client,
          type: type as EventType,
          action,
          key: undefined,
          value,
          result: undefined,
          isMismatch,
          at: undefined,
          line: number,
        },
      ];
    },
    end: () => [],
  };
}
