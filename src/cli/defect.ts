// An error that is raft-sim's own fault, with the command that shows it.
//
// A user who sees it shall be able to report it in one paste: what happened, where, on which version, how to repeat it.

import { issuesUrl, version } from './version.ts';

export class Defect extends Error {
  readonly command: string;

  constructor(command: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.command = command;
  }
}

export function defectLines(error: unknown, commandLine: string): string[] {
  const hasCommand = error instanceof Defect;
  const cause: unknown = hasCommand ? error.cause : error;
  const where = issuesUrl === undefined ? '' : ` at ${issuesUrl}`;
  return [
    `raft-sim: a defect of raft-sim itself: ${cause instanceof Error ? cause.message : String(cause)}`,
    ...(cause instanceof Error ? (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : []),
    '',
    `Please open an issue${where} with this text, the command and the version:`,
    `  raft-sim ${version}, Node ${process.version}, ${process.platform} ${process.arch}`,
    `  ${hasCommand ? error.command : commandLine}`,
  ];
}
