// Quantities as people write them: durations, odds, whole numbers; and back again, exactly.
//
// Inside, durations are whole microseconds and odds whole parts per million. What is printed can be typed again and
// means the same. Nothing is rounded on the way in: what is finer than the unit inside is refused.

import { UsageError } from '../base/errors.ts';
import type { Unit } from '../sim/parameters.ts';

const DURATION_UNITS: readonly (readonly [name: string, micros: number])[] = [
  ['d', 86_400_000_000],
  ['h', 3_600_000_000],
  ['m', 60_000_000],
  ['s', 1_000_000],
  ['ms', 1_000],
  ['us', 1],
];
const DURATIONS = '500us, 20ms, 1.5s, 2m or 1h';
const ODDS = '5%, 0.1% or 300ppm';
const DURATION = /^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h|d))+$/;
const DURATION_PART = /(\d+(?:\.\d+)?)(us|ms|s|m|h|d)/g;

/** `1.5s`, `2m`, `1h30m` as microseconds; a lone 0 needs no unit. */
export function parseDuration(what: string, text: string): number {
  const expected = `expected a duration such as ${DURATIONS}`;
  if (text === '0') return 0;
  if (/^\d+(\.\d+)?$/.test(text)) throw new UsageError(`${what} is ${text} without a unit, ${expected}`);
  if (!DURATION.test(text)) throw new UsageError(`${what} is ${JSON.stringify(text)}, ${expected}`);
  let micros = 0;
  for (const [, number = '', name] of text.matchAll(DURATION_PART)) {
    micros += scaled(what, text, number, DURATION_UNITS.find((unit) => unit[0] === name)?.[1] ?? 0, 'a microsecond');
  }
  return exact(what, text, micros);
}

/** `5%`, `300ppm` as parts per million; a lone 0 needs no unit. */
export function parseOdds(what: string, text: string): number {
  if (text === '0') return 0;
  const [, number, unit] = /^(\d+(?:\.\d+)?)(%|ppm)$/.exec(text) ?? [];
  if (number === undefined) {
    throw new UsageError(`${what} is ${JSON.stringify(text)}, expected odds such as ${ODDS}`);
  }
  return exact(what, text, scaled(what, text, number, unit === '%' ? 10_000 : 1, 'a part per million'));
}

export function parseWhole(what: string, text: string): number {
  if (!/^\d+$/.test(text))
    throw new UsageError(`${what} is ${JSON.stringify(text)}, expected a whole number such as 5`);
  return exact(what, text, Number(text));
}

/** A number that is what was written; beyond these it would be another, and a message would quote that one. */
function exact(what: string, text: string, value: number): number {
  if (Number.isSafeInteger(value)) return value;
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  throw new UsageError(`${what} is ${short}, which is too large to be exact, expected a smaller number`);
}

/** A decimal number times a unit; exact, or refused. */
function scaled(what: string, text: string, number: string, unit: number, finest: string): number {
  const [whole = '', fraction = ''] = number.split('.');
  const value = BigInt(whole + fraction) * BigInt(unit);
  const divisor = 10n ** BigInt(fraction.length);
  if (value % divisor !== 0n) throw new UsageError(`${what} is ${text}, which is finer than ${finest}`);
  return Number(value / divisor);
}

/** The shortest way to write a duration so that `parseDuration` reads the same: `1m`, `1.5s`, `900ms`, `50us`. */
export function durationText(micros: number): string {
  if (micros === 0) return '0s';
  for (const [name, unit] of DURATION_UNITS) {
    if (micros >= unit && micros % unit === 0) return `${micros / unit}${name}`;
    const thousandths = (micros * 1000) / unit;
    if (unit <= 1_000_000 && micros >= unit && Number.isInteger(thousandths))
      return `${decimal(thousandths, 3)}${name}`;
  }
  return `${micros}us`;
}

/** Odds so that `parseOdds` reads the same: `5%`, `0.5%`, `300ppm`. */
export function oddsText(ppm: number): string {
  if (ppm === 0) return '0%';
  return ppm % 1000 === 0 ? `${decimal(ppm / 100, 2)}%` : `${ppm}ppm`;
}

/** A number of thousandths (or hundredths) with its point, without trailing zeros. */
function decimal(scaledUp: number, digits: number): string {
  const text = String(scaledUp).padStart(digits + 1, '0');
  const fraction = text.slice(-digits).replace(/0+$/, '');
  return `${text.slice(0, -digits)}${fraction === '' ? '' : `.${fraction}`}`;
}

export function quantityText(unit: Unit, value: number): string {
  switch (unit) {
    case 'duration':
      return durationText(value);
    case 'odds':
      return oddsText(value);
    case 'count':
      return String(value);
  }
}

export function parseQuantity(unit: Unit, what: string, text: string): number {
  switch (unit) {
    case 'duration':
      return parseDuration(what, text);
    case 'odds':
      return parseOdds(what, text);
    case 'count':
      return parseWhole(what, text);
  }
}
