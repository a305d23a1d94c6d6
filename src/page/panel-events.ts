// The panel of events: the same steps as the picture, as a table, for those who read and for those who listen.
//
// A run may have many steps, so the table holds those around the cursor, and says how to come to the others.

import { clockText } from '../base/ids.ts';
import { plainLine } from '../view/picture-words.ts';
import { button, element } from './dom.ts';
import type { Viewing } from './viewing.ts';

const AROUND = 60;

export function eventsPanel(viewer: Viewing): HTMLElement {
  const { film, step, choice } = viewer;
  const { history } = film;
  const from = Math.max(1, step - AROUND);
  const to = Math.min(history.last, step + AROUND);
  const rows: HTMLElement[] = [];
  for (let number = from; number <= to; number++) {
    const text = plainLine(history.lines[number]);
    const row = element(
      'tr',
      {
        class: number === step ? 'current' : '',
        onclick: () => viewer.goTo(number),
        ...(number === step ? { aria: { current: 'step' } } : {}),
      },
      element('td', {}, `#${number}`),
      element('td', {}, clockText(history.step(number).at)),
      element('td', { class: 'line' }, text),
    );
    rows.push(row);
  }
  const table = element(
    'table',
    { class: 'events' },
    element('caption', {}, `Steps ${from} to ${to} of ${history.last}${choice.isBranchShown ? ', the branch' : ''}`),
    element(
      'thead',
      {},
      element('tr', {}, ...['step', 'time', 'what happened'].map((title) => element('th', {}, title))),
    ),
    element('tbody', {}, ...rows),
  );
  requestAnimationFrame(() => table.querySelector('.current')?.scrollIntoView({ block: 'nearest' }));
  return element(
    'div',
    {},
    element(
      'p',
      { class: 'note' },
      button('earlier', 'the steps before these', () => viewer.goTo(Math.max(0, from - 1))),
      button('later', 'the steps behind these', () => viewer.goTo(Math.min(history.last, to + 1))),
    ),
    table,
  );
}
