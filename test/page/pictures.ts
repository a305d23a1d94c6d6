// Stored pictures of the page, and how far another picture may be from one.
//
// Pixels count that differ clearly and are no smoothed edge; another version of the browser changes hardly any, a lane
// that moved changes thousands. `RAFT_SIM_PICTURES=1 npx vitest run test/page` writes them anew: look at each.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

const folder = fileURLToPath(new URL('pictures/', import.meta.url));
const isWritten = process.env['RAFT_SIM_PICTURES'] === '1';

/** How different a colour must be, from 0 to 1. */
const CLEARLY = 0.2;
/**
 * Of a thousand pixels, how many may differ clearly. Chromium 131 differs from 156 in at most 0.005; one thin lane that
 * stands four pixels aside is 0.3.
 */
export const PER_MILLE_MAX = 0.1;

/** Pixels of a thousand that differ clearly between two pictures; all of them where their sizes differ. */
export function differencePerMille(one: PNG, other: PNG): number {
  const { width, height } = one;
  if (width !== other.width || height !== other.height) return 1000;
  const count = pixelmatch(one.data, other.data, undefined, width, height, { threshold: CLEARLY });
  return (1000 * count) / (width * height);
}

/** How far a picture is from the stored one; where it is too far, it is left in `reports/pictures/`. */
export function differenceFromStored(name: string, picture: Buffer): number {
  const file = `${folder}${name}.png`;
  if (isWritten) writeFileSync(file, smaller(picture));
  if (!existsSync(file)) throw new Error(`no stored picture ${name}: write it with RAFT_SIM_PICTURES=1`);
  const difference = differencePerMille(PNG.sync.read(readFileSync(file)), PNG.sync.read(picture));
  if (difference > PER_MILLE_MAX) {
    const left = fileURLToPath(new URL('../../reports/pictures/', import.meta.url));
    mkdirSync(left, { recursive: true });
    writeFileSync(`${left}${name}.png`, picture);
  }
  return difference;
}

/** The same picture with sixteen steps of each colour and nothing transparent, which packs into a third. */
function smaller(picture: Buffer): Buffer {
  const image = PNG.sync.read(picture);
  for (let i = 0; i < image.data.length; i++) image.data[i] = Math.round((image.data[i] as number) / 17) * 17;
  return PNG.sync.write(image, { colorType: 2, inputHasAlpha: true, deflateLevel: 9 });
}
