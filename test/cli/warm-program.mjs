// The program, started once and told to run again and again: a parent sends the words, the answer is how it ended.
//
// What it runs is dist/cli/main.js as it is, evaluated anew each time; only the modules behind it stay loaded. Never for
// tests of signals, terminals or crashes: those are about the process.

import { Writable } from 'node:stream';

const MAIN = new URL('../../dist/cli/main.js', import.meta.url).href;

let runs = 0;

/** @type {(name: 'out' | 'err', texts: { out: string, err: string }) => void} */
function captured(name, texts) {
  const stream = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      texts[name] += String(text);
      done();
    },
  });
  Object.defineProperty(process, name === 'out' ? 'stdout' : 'stderr', { value: stream, configurable: true });
}

/** @type {(job: { words: string[], cwd: string }) => Promise<void>} */
async function run({ words, cwd }) {
  const texts = { out: '', err: '' };
  captured('out', texts);
  captured('err', texts);
  process.chdir(cwd);
  process.argv.splice(2, Infinity, ...words);
  process.exitCode = undefined;
  runs += 1;
  await import(`${MAIN}?run=${runs}`);
  process.removeAllListeners('uncaughtException');
  process.send?.({ code: process.exitCode, signal: null, ...texts });
}

process.on('message', (/** @type {{ words: string[], cwd: string }} */ job) => void run(job));
