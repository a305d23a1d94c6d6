// The flags that say which scenarios are wanted, of every command that takes some.
//
// Kept apart from the selecting, so that help and completion load no reader of YAML.

import type { Command } from 'commander';
import { UsageError } from '../../base/errors.ts';
import { UnknownWordError } from '../../run/checked.ts';
import { variantNames } from '../../zoo/variant.ts';

export interface SelectionFlags {
  readonly grep?: RegExp;
  readonly catches?: string;
  readonly lastFailed?: boolean;
}

/** The flags of every command that takes scenarios. */
export function addSelectionFlags(command: Command): Command {
  return command
    .option('--grep <pattern>', 'only those whose name or file matches this regular expression', regularExpression)
    .option('--catches <variant>', 'only those that catch this named bug', knownVariant);
}

function regularExpression(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^.*: /, '') : '';
    throw new UsageError(`--grep is ${JSON.stringify(text)}, expected a regular expression: ${why}`);
  }
}

function knownVariant(text: string): string {
  const known = variantNames.find((name) => name === text);
  if (known === undefined) throw new UnknownWordError('variant', text, variantNames);
  return known;
}
