// Fresh reads (dissertation 6.4): a read that takes no place in the log is answered as of an index that is not older
// than what was committed, on any server, when the read came.
//
// It speaks before the stale value is seen by a client, and also where old and new value are the same.

import { clientName, nodeName } from '../../base/ids.ts';
import type { Call, ReadPath } from '../../protocol/operation.ts';
import type { Parameters } from '../../sim/parameters.ts';
import type { World } from '../../sim/world.ts';
import { LeaseDoubt, whyLeasesLie } from '../lease-doubt.ts';
import type { Ghost, Property, PropertyFacts } from '../property.ts';

export const readFreshnessFacts = {
  name: 'read-freshness',
  kind: 'safety',
  mood: 'always',
  needs: ['clients', 'commit', 'log'],
} as const satisfies PropertyFacts;

/** A read at a server that has not been answered there. */
interface Begun {
  readonly sequence: number;
  readonly path: ReadPath;
  /** What was committed anywhere when it came first. */
  readonly committed: number;
}

export function readFreshness(ghost: Ghost, world: World, parameters: Parameters, scheduler?: string): Property {
  const doubt = new LeaseDoubt(world, parameters);
  doubt.reason = whyLeasesLie(parameters, scheduler);
  /** By server and client: the newest read. */
  const begun: (Begun | undefined)[][] = ghost.known.map(() => []);

  const note = ({ id }: { readonly id: number }, { client, sequence, operation }: Call): void => {
    if (operation.kind !== 'read') return;
    const reads = begun[id] as (Begun | undefined)[];
    const before = reads[client];
    // A read that comes again may be answered as the first one.
    if (before !== undefined && before.sequence >= sequence) return;
    reads[client] = { sequence, path: operation.path, committed: ghost.committed.length - 1 };
  };

  return {
    name: readFreshnessFacts.name,
    mood: readFreshnessFacts.mood,
    started(host) {
      (begun[host.id] as (Begun | undefined)[]).length = 0;
      return undefined;
    },
    asked(host, call) {
      note(host, call);
      return undefined;
    },
    fired(host, timer) {
      doubt.fired(host, timer);
      return undefined;
    },
    stepped(host) {
      doubt.stepped(host);
      return undefined;
    },
    served(host, { client, sequence }, index) {
      const read = (begun[host.id] as (Begun | undefined)[])[client];
      if (read === undefined || read.sequence !== sequence) return undefined;
      const { lastApplied } = host.process;
      const whose = `a read of ${clientName(client)} by ${read.path}`;
      const answer = `${nodeName(host.id)} answers ${whose} as of entry ${index}`;
      if (lastApplied < index) return `${answer}, but has executed entry ${lastApplied} only`;
      if (index >= read.committed) return undefined;
      doubt.stepped(host);
      if (read.path === 'lease' && doubt.reason !== undefined) return undefined;
      return `${answer}, but entry ${read.committed} was committed when it came`;
    },
  };
}
