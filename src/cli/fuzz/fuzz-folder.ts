// The folder of a campaign: its file is read and written here, and a folder that is in use is not used again.
//
// What is emptied is only what a campaign leaves: its file, and in folders that have the name of a finding the files
// of a finding. Everything else that lies there stays.

import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import type { Campaign, Earlier } from '../../campaign/campaign.ts';
import {
  CAMPAIGN_FILE,
  readSaved,
  resumed,
  savedText,
  type Continuation,
  type Identity,
  type SavedCampaign,
} from '../../campaign/saved.ts';
import { troubleText, writeWhole } from '../ui/files.ts';
import { version } from '../version.ts';

export function writeCampaign(
  folder: string,
  campaign: Campaign,
  rest: Pick<SavedCampaign, 'identity' | 'shard' | 'regressions'>,
): void {
  writeWhole(join(folder, CAMPAIGN_FILE), [savedText(campaign, rest, version)]);
}

/** Reads the file of a campaign; throws a UsageError if it is none, or of another version. */
export function readCampaign(path: string): SavedCampaign {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${troubleText(error)}`);
  }
  return readSaved(text, path, version);
}

/** Where the campaign in the folder ended, for --resume; undefined if there is none yet. */
export function earlierCampaign(folder: string, input: Continuation): (Earlier & { identity: Identity }) | undefined {
  const path = join(folder, CAMPAIGN_FILE);
  return existsSync(path) ? resumed(readCampaign(path), path, input) : undefined;
}

/** Refuses a folder that holds a campaign: a second one would leave the findings of the first beside its own. */
export function checkUnused(folder: string): void {
  const path = join(folder, CAMPAIGN_FILE);
  if (!existsSync(path)) return;
  throw new UsageError(
    `${path} is there already: --resume goes on with that campaign, --force empties the folder of it, ` +
      '--reports names another folder',
  );
}

/** The files of a finding, also those that were not finished. */
const OF_FINDING = /^(?:replay\.yaml|original\.yaml|trace\.ndjson|summary\.md|report\.html)(?:\.\d+\.partial)?$/;
const OF_CAMPAIGN = /^campaign\.json(?:\.\d+\.partial)?$/;
/** `election-safety-1a2b3c4d`; earlier versions also wrote `election-safety-seed-7`. */
const FINDING = /^[A-Za-z][\w-]*-(?:[0-9a-f]{8}|seed-\d+)$/;

/** Takes away what a campaign left in the folder, and nothing else. */
export function emptyFolder(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && OF_CAMPAIGN.test(entry.name)) rmSync(path);
    else if (entry.isDirectory() && FINDING.test(entry.name)) emptyFinding(path);
  }
}

function emptyFinding(folder: string): void {
  const entries = readdirSync(folder, { withFileTypes: true });
  const own = entries.filter((entry) => entry.isFile() && OF_FINDING.test(entry.name));
  for (const { name } of own) rmSync(join(folder, name));
  if (own.length === entries.length) rmdirSync(folder);
}
