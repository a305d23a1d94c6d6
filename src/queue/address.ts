// The address of a queue: `redis://user:password@host:6379/0#name`.
//
// What is behind # names the queue, so that several campaigns share one Redis. A password is never printed.

import { UsageError } from '../base/errors.ts';

export interface QueueAddress {
  /** For the driver. */
  readonly url: string;
  readonly name: string;
  /** For people: without the password. */
  readonly text: string;
}

const NAME = 'raft-sim';

/** Reads what stands behind a flag; throws a UsageError if it is no address of a Redis. */
export function parseQueueAddress(flag: string, text: string): QueueAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '' || !/^\/?\d*$/.test(url.pathname)) {
    const found = url?.password ? 'no such address' : JSON.stringify(text);
    throw new UsageError(`${flag} is ${found}, expected the address of a Redis such as redis://localhost:6379`);
  }
  const name = decodeURIComponent(url.hash.slice(1)) || NAME;
  if (!/^[\w-]+$/.test(name)) {
    throw new UsageError(`${flag} names the queue ${JSON.stringify(name)}, expected letters, digits, - and _ behind #`);
  }
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '…';
  url.hash = '';
  return { url: url.href, name, text: decodeURIComponent(shown.href) };
}
