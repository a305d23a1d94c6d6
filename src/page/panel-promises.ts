// The panel of promises: what became of each, and which goals the run came to.
//
// Verdicts are those of the simulation; a goal leads to the step at which it was first reached.

import { goalTable, goalNames } from '../check/goals.ts';
import { propertyTable, isPropertyName } from '../run/properties.ts';
import { button, element } from './dom.ts';
import type { Viewing } from './viewing.ts';

const SIGNS = { pass: '✓', fail: '✗', unknown: '?', 'not applicable': '–' } as const;

export function promisesPanel(viewer: Viewing): HTMLElement {
  const { run, goals, recorded } = viewer.film;
  if (recorded !== undefined && run.verdicts.length === 0) {
    const broken = run.violation === undefined ? 'No promise was broken.' : `${run.violation.property} was broken.`;
    return element('p', { class: 'note' }, `${broken} What was checked besides is not in the trace.`);
  }
  return element(
    'div',
    {},
    element('h3', {}, 'Promises'),
    element(
      'dl',
      { class: 'promises' },
      ...run.verdicts.flatMap(({ property, outcome, why }) => [
        element('dt', { class: outcome.replace(' ', '-') }, `${SIGNS[outcome]} ${property}`),
        element(
          'dd',
          {},
          isPropertyName(property) ? propertyTable[property].promise : '',
          outcome === 'pass' || why === '' ? undefined : element('p', { class: 'found' }, `${outcome}: ${why}`),
        ),
      ]),
    ),
    element('h3', {}, 'Goals'),
    element(
      'ul',
      { class: 'goals' },
      ...goalNames.map((name) => {
        const [first] = goals.get(name) ?? [];
        const words = `${goalTable[name]} (${run.goals[name]}×)`;
        return element(
          'li',
          {},
          first === undefined
            ? element('small', {}, `not reached: ${goalTable[name]}`)
            : button(words, `step ${first}`, () => viewer.goTo(first)),
        );
      }),
    ),
  );
}
