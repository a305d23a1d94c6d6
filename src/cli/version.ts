// Which raft-sim this is: what its package says.
//
// Traces, JSON documents and reports of defects carry it, because a seed alone repeats a run on one version only.

import { readFileSync } from 'node:fs';

interface Manifest {
  readonly version: string;
  readonly bugs?: { readonly url?: string };
}

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Manifest;

export const { version } = manifest;

/** Where defects are reported, if the package says so. */
export const issuesUrl: string | undefined = manifest.bugs?.url;
