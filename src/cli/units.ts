// Quantities as people write them: durations, odds, whole numbers; and back again, exactly.
//
// Inside, durations are whole microseconds and odds whole parts per million. What is printed can be typed again and
// means the same. Nothing is rounded on the way in: what is finer than the unit inside is refused.

import { UsageError } from '../base/assert.ts';
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
export function parseDuration(flag: string, text: string): number {
  const expected = `expected a duration such as ${DURATIONS}`;
  if (text === '0') return 0;
  if (/^\d+(\.\d+)?$/.test(text)) throw new UsageError(`${flag} is ${text} without a unit, ${expected}`);
  if (!DURATION.test(text)) throw new UsageError(`${flag} is ${JSON.stringify(text)}, ${expected}`);
  let micros = 0;
  for (const [, number = '', name] of text.matchAll(DURATION_PART)) {
    micros += scaled(flag, text, number, DURATION_UNITS.find((unit) => unit[0] === name)?.[1] ?? 0, 'a microsecond');
  }
  return micros;
}

/** `5%`, `300ppm` as parts per million; a lone 0 needs no unit. */
export function parseOdds(flag: string, text: string): number {
  if (text === '0') return 0;
  const [, number, unit] = /^(\d+(?:\.\d+)?)(%|ppm)$/.exec(text) ?? [];
  if (number === undefined) {
    throw new UsageError(`${flag} is ${JSON.stringify(text)}, expected odds such as ${ODDS}`);
  }
  return scaled(flag, text, number, unit === '%' ? 10_000 : 1, 'a part per million');
}

export function parseWhole(flag: string, text: string): number {
  if (!/^\d+$/.test(text))
    throw new UsageError(`${flag} is ${JSON.stringify(text)}, expected a whole number such as 5`);
  return Number(text);
}

/** A decimal number times a unit; exact, or refused. */
function scaled(flag: string, text: string, number: string, unit: number, finest: string): number {
  const [whole = '', fraction = ''] = number.split('.');
  const value = BigInt(whole + fraction) * BigInt(unit);
  const divisor = 10n ** BigInt(fraction.length);
  if (value % divisor !== 0n) throw new UsageError(`${flag} is ${text}, which is finer than ${finest}`);
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

export function parseQuantity(unit: Unit, flag: string, text: string): number {
  switch (unit) {
    case 'duration':
      return parseDuration(flag, text);
    case 'odds':
      return parseOdds(flag, text);
    case 'count':
      return parseWhole(flag, text);
  }
}

/** What stands behind a flag of this unit in the help. */
export const placeholder = (unit: Unit): string =>
  unit === 'duration' ? '<time>' : unit === 'odds' ? '<odds>' : '<n>';

/** 44265 as `44 265`. */
export const grouped = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ' ');

/** `1 crash`, `33 crashes`. */
export const counted = (n: number, one: string, many = `${one}s`): string => `${grouped(n)} ${n === 1 ? one : many}`;

/** Real time for reading, not for typing: `0.31 s`, `12.4 s`, `3 min 12 s`. */
export function realTimeText(millis: number): string {
  const seconds = millis / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole / 60) % 60} min`;
}

/** Virtual time for reading, cut to what matters at its size: `59.9s`, `12m 4s`, `3h 12m`. */
export function virtualTimeText(micros: number): string {
  const tenths = Math.floor(micros / 100_000);
  const seconds = Math.floor(tenths / 10);
  if (seconds < 60) return `${seconds}.${tenths % 10}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${seconds % 60}s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h ${minutes % 60}m` : `${Math.floor(hours / 24)}d ${hours % 24}h`;
}
