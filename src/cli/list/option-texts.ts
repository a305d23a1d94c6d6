// An option of the node in words, for `explain` and for the reference page: how it is set, its values, its draws.
//
// Everything said here is read from the row of the option.

import type { NodeOption } from '../../raft/options.ts';
import { wordsOf } from '../../run/node-options.ts';
import { oddsText } from '../../run/quantity.ts';

/** How it is typed. */
export function flagTexts({ kind, flag }: NodeOption): string[] {
  if (kind === 'switch') return [`--${flag}`, `--no-${flag}`];
  return [`--${flag} ${kind === 'word' ? '<how>' : '<n>'}`];
}

export function defaultText(option: NodeOption): string {
  switch (option.kind) {
    case 'switch':
      return option.default ? 'on' : 'off';
    case 'word':
      return option.default;
    case 'number':
      return `${option.default} ${option.unit}`;
  }
}

/** What each value means. */
export function valueTexts(option: NodeOption): string[] {
  switch (option.kind) {
    case 'switch':
      return [`on: ${option.meaning}`, `off: ${option.otherwise}`];
    case 'word':
      return wordsOf(option).map((word) => `${word}: ${option.words[word]?.meaning}`);
    case 'number':
      return [`${option.min} to ${option.max} ${option.unit}`];
  }
}

/** How often a campaign draws what. */
export function drawnTexts(option: NodeOption): string[] {
  switch (option.kind) {
    case 'switch':
      return [`on in ${oddsText(option.draw)} of the plans`];
    case 'word':
      return wordsOf(option).map((word) => `${word} in ${oddsText(option.words[word]?.draw ?? 0)} of the plans`);
    case 'number': {
      const { low, high, when } = option.draw;
      const tame = when.inTamePlans ? '' : ' that need not recover in time';
      return [`${low} to ${high} in ${oddsText(when.odds)} of the plans${tame}, else the default`];
    }
  }
}
