#!/usr/bin/env node
// The launcher: asks for a Node that is new enough and for a build, then hands over to src/cli/main.ts (built).
//
// It must stay readable to a Node that is too old, so: plain syntax, no imports but built-ins.

import { existsSync } from 'fs';
import { setFlagsFromString } from 'v8';

const NEEDED = [20, 19];
const MISTAKE = 2;
const DEFECT = 70;

// The loop of the simulator is many small functions: with more room for inlining it runs some 7 % faster.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=2000');

const main = new URL('../dist/cli/main.js', import.meta.url);
const found = process.versions.node.split('.').map(Number);

if (found[0] < NEEDED[0] || (found[0] === NEEDED[0] && found[1] < NEEDED[1])) {
  stop(`raft-sim needs Node ${NEEDED.join('.')} or newer, this is Node ${process.versions.node}`, MISTAKE);
} else if (!existsSync(main)) {
  stop('raft-sim is not built yet; run: npm run build', MISTAKE);
} else {
  import(main.href).catch((error) => {
    if (/\b(EMFILE|ENFILE)\b/.test(String(error))) {
      stop('raft-sim could not start: too many files are open, raise the limit (ulimit -n 1024)', MISTAKE);
    } else {
      stop(`raft-sim could not start, a defect of raft-sim itself\n${(error && error.stack) || error}`, DEFECT);
    }
  });
}

function stop(message, code) {
  process.stderr.write(`${message}\n`);
  process.exitCode = code;
}
