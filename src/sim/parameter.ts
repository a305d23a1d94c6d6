// What a number of a plan is: the columns of the table of parameters.
//
// Durations are virtual microseconds, odds are parts per million. The value of a row is that of the profile `calm`.

export type Unit = 'odds' | 'duration' | 'count';
export type ParameterGroup = 'timing' | 'network' | 'partitions' | 'processes' | 'disk' | 'clocks' | 'clients';

export interface Parameter {
  readonly group: ParameterGroup;
  readonly unit: Unit;
  readonly calm: number;
  readonly meaning: string;
}

const row =
  (unit: Unit) =>
  (group: ParameterGroup, calm: number, meaning: string): Parameter => ({ group, unit, calm, meaning });

export const duration = row('duration');
export const odds = row('odds');
export const count = row('count');
