// Numbers and times for reading, and what stands for a quantity in the help.
//
// What can be typed again is written by `run/quantity.ts`; here things are cut to what matters at their size.

import type { Unit } from '../../sim/parameters.ts';

/** What stands behind a flag of this unit in the help. */
export const placeholder = (unit: Unit): string =>
  unit === 'duration' ? '<time>' : unit === 'odds' ? '<odds>' : '<n>';

/** 44265 as `44 265`. */
export const groupDigits = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ' ');

/** `1 crash`, `33 crashes`. */
export const countText = (n: number, one: string, many = `${one}s`): string =>
  `${groupDigits(n)} ${n === 1 ? one : many}`;

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

/** `352 B`, `11.0 kB`, `1.2 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 999_950 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
