// Profiles and parameters: what each profile changes, and which faults it brings, and which not.

import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../../src/run/plan.ts';
import { simulate } from '../../../../src/run/simulate.ts';
import { parameterNames, parameterTable, parametersWith, type ParameterName } from '../../../../src/sim/parameters.ts';
import { profileNames, profileParameters, profileTable, type ProfileName } from '../../../../src/sim/faults/profile.ts';

const calm = parametersWith({});

describe('a profile', () => {
  it.each(profileNames)('%s has the parameters of calm, changed where it says so', (name) => {
    const parameters = profileParameters(name);
    expect(Object.keys(parameters)).toEqual([...parameterNames]);
    expect(parameters).toEqual({ ...calm, ...profileTable[name].changes });
  });

  it.each(profileNames)('%s says only where it differs', (name) => {
    const changes = Object.entries(profileTable[name].changes) as [ParameterName, number][];
    for (const [parameter, value] of changes)
      expect(`${parameter} ${value}`).not.toBe(`${parameter} ${calm[parameter]}`);
    if (name !== 'calm') expect(changes.length).toBeGreaterThan(0);
  });

  it.each(profileNames)('%s makes a sound plan, and says what it means', (name) => {
    expect(makePlan({ profile: name }).parameters).toEqual(profileParameters(name));
    expect(profileTable[name].meaning).toMatch(/^[a-z].{10,}$/);
  });

  it.each(profileNames)('%s never lets an election wait for a fault that takes for ever', (name) => {
    const { delayMax, electionTimeoutMin, electionTimeoutMax, heartbeatInterval, settle } = profileParameters(name);
    expect(delayMax * 4).toBeLessThanOrEqual(electionTimeoutMin);
    expect(heartbeatInterval * 2).toBeLessThan(electionTimeoutMin);
    expect(electionTimeoutMax * 10).toBeLessThan(settle);
  });

  it('calm changes nothing, chaos has every fault of the others, whole has them all', () => {
    expect(profileTable.calm.changes).toEqual({});
    const [chaos, whole] = [profileParameters('chaos'), profileParameters('whole')];
    for (const parameter of parameterNames) {
      if (chaos[parameter] !== calm[parameter]) expect(whole[parameter]).toBe(chaos[parameter]);
    }
    for (const name of profileNames.filter((one) => one !== 'whole')) {
      const parameters = profileParameters(name);
      for (const parameter of parameterNames) {
        if (parameters[parameter] > 0 && calm[parameter] === 0)
          expect(`${parameter} ${chaos[parameter]}`).not.toBe(`${parameter} 0`);
      }
    }
  });
});

describe('the table of parameters', () => {
  it.each(parameterNames)('%s has a group, a unit, a whole number and a meaning', (name) => {
    const { group, unit, calm: value, meaning } = parameterTable[name];
    expect(['timing', 'network', 'partitions', 'processes', 'disk', 'clocks', 'clients']).toContain(group);
    expect(['odds', 'duration', 'count']).toContain(unit);
    expect(Number.isInteger(value) && value >= 0).toBe(true);
    if (unit === 'odds') expect(value).toBeLessThanOrEqual(1_000_000);
    expect(meaning).toMatch(/^[a-z].{8,}[^.]$/);
  });

  it('changes replace values, and what is left out stays', () => {
    expect(parametersWith({ loss: 0, keys: 7 })).toEqual({ ...calm, keys: 7 });
  });
});

/** What can happen in a run, as its counters tell. */
function happened(profile: ProfileName): Set<string> {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 6; seed++) {
    const { counters } = simulate(makePlan({ seed: String(seed), profile, length: { micros: 20_000_000 } }));
    const told: Record<string, number> = {
      ...counters.faults,
      ...counters.dropped,
      duplicated: counters.duplicated,
      'in step': counters.crashesInStep,
      'lost write': counters.lostWrites,
      'torn write': counters.tornWrites,
      'lost answer': counters.lostAnswers,
    };
    for (const [what, count] of Object.entries(told)) if (count > 0) seen.add(what);
  }
  // Retries that are refused by a server that is down, and messages to it: they follow from crashes.
  seen.delete('down');
  return seen;
}

describe('under a profile, over some seeds, there happens what belongs to it, all of it and nothing else:', () => {
  const lossy = ['lost', 'duplicated', 'lost answer'];
  const partitions = ['cut', 'slow'];
  const disk = ['crash', 'in step', 'write-failed', 'lost write', 'torn write'];
  const rows: Readonly<Record<ProfileName, readonly string[]>> = {
    calm: [],
    lossy,
    partitions,
    crashes: ['crash', 'in step', 'pause'],
    disk,
    clocks: ['clock'],
    chaos: [...lossy, ...partitions, ...disk, 'pause', 'clock'],
    whole: [...lossy, ...partitions, ...disk, 'pause', 'clock', 'compact', 'transfer'],
  };

  it.each(Object.entries(rows))('%s', (profile, expected) => {
    const seen = happened(profile as ProfileName);
    // A cut has two names: the fault, and the reason for which a message is dropped.
    expect([...seen].toSorted()).toEqual([...expected].toSorted());
  });

  it('and every profile has its row', () => {
    expect(Object.keys(rows)).toEqual([...profileNames]);
  });
});
