// The short forms of the flags that are typed most: a letter means the same in every command that has the flag.
//
// Only what is typed by hand every day is here; a script is better off with the long form.

import type { Command } from 'commander';

const shortFlags: Readonly<Record<string, string>> = {
  '--seed': '-s',
  '--seeds': '-s',
  '--nodes': '-n',
  '--profile': '-p',
  '--variant': '-v',
  '--for': '-f',
  '--trace': '-t',
  '--workers': '-w',
  '--reporter': '-r',
  '--output': '-o',
  '--quiet': '-q',
};

/** Gives the flags of a command their short forms. */
export function addShortFlags(command: Command): void {
  for (const option of command.options) {
    const short = shortFlags[option.long ?? ''];
    if (short === undefined || option.short !== undefined) continue;
    option.short = short;
    option.flags = `${short}, ${option.flags}`;
  }
}
