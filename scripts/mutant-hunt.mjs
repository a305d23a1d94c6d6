// Hunts in one program that was changed somewhere, for so many CPU seconds: what `npm run mutants` starts for each.
//
// usage: node scripts/mutant-hunt.mjs FOLDER SECONDS

import { cpuSeconds } from './measured.mjs';

const [folder = '', seconds = ''] = process.argv.slice(2);
const { runBatch } = await import(`${folder}/campaign/batch.js`);
const work = { swarm: {}, checkDeterminismPpm: 0 };
const start = cpuSeconds();
let result;
for (let seed = 1; result === undefined; seed++) {
  const { findings } = runBatch(
    { batch: 0, seeds: [seed], work },
    () => {},
    () => false,
  );
  const spent = Number((cpuSeconds() - start).toFixed(2));
  const [finding] = findings;
  if (finding !== undefined) {
    const property = finding.kind === 'violation' ? finding.property : finding.kind;
    result = { state: 'killed', property, seeds: seed, seconds: spent };
  } else if (spent > Number(seconds)) result = { state: 'missed', seeds: seed, seconds: spent };
}
process.stdout.write(JSON.stringify(result));
