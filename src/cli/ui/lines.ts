// The lines of a file or of standard input as a stream, many at once: a turn for each would cost more than reading it.
//
// What cannot be read is the user's mistake.

import { createReadStream, statSync } from 'node:fs';
import { UsageError } from '../../base/errors.ts';
import { fileNear, troubleText } from './files.ts';

/** Lines without their ends. */
export async function* linesOf(file: string): AsyncGenerator<readonly string[]> {
  try {
    if (file !== '-' && statSync(file).isDirectory()) throw Object.assign(new Error('EISDIR'), { code: 'EISDIR' });
    const input = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 18 });
    input.setEncoding('utf8');
    let rest = '';
    for await (const chunk of input) {
      const lines = `${rest}${chunk as string}`.split(/\r?\n/);
      rest = lines.pop() ?? '';
      yield lines;
    }
    if (rest !== '') yield [rest];
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const near = fileNear(file, error);
    const hint = near === undefined ? '' : `\ndid you mean ${near}?`;
    throw new UsageError(`cannot read ${file}: ${troubleText(error)}${hint}`);
  }
}
