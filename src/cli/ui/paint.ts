// Colour, for people only: whether a stream gets any, and the few roles that text can have.
//
// Colours carry nothing that the words do not say. A stream that is no terminal stays plain, unless the environment
// asks for colours.

export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  unsure(text: string): string;
  faint(text: string): string;
  strong(text: string): string;
}

export type ProcessEnvironment = Readonly<Record<string, string | undefined>>;

/** --no-color comes first, then NO_COLOR, FORCE_COLOR, TERM=dumb; then it is a matter of being a terminal. */
export function wantsColour(isTerminal: boolean, env: ProcessEnvironment, allowed: boolean): boolean {
  if (!allowed) return false;
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

export function paintWith(isOn: boolean): Paint {
  const style = (on: number, off: number) => (text: string) =>
    isOn && text !== '' ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return { good: style(32, 39), bad: style(31, 39), unsure: style(33, 39), faint: style(2, 22), strong: style(1, 22) };
}
