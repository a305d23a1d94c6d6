// The panel of the servers: what each is at the cursor, with what is otherwise than at the other moment marked.
//
// Logs are rows of cells in the colours of their terms, as in the paper's figures.

import { stateAt, type LogCell, type ServerState } from '../view/state.ts';
import { cutsAt, linkBands } from '../view/bands.ts';
import type { ServerMoment } from '../view/moments.ts';
import { element } from './dom.ts';
import type { Viewing } from './viewing.ts';

export function statePanel(viewer: Viewing): HTMLElement {
  const { film, step, other, choice } = viewer;
  const { history } = film;
  const against = choice.pinned === undefined ? 'the step before' : `step ${choice.pinned}`;
  const cuts = cutsAt(linkBands(history), step);
  return element(
    'div',
    {},
    element('p', { class: 'note' }, 'Marked is what is otherwise than after ', against, '.'),
    cuts.length === 0 ? undefined : element('p', { class: 'cuts' }, `≠ ${cuts.join(' · ')}`),
    ...stateAt(history, step, other).map((server) => serverCard(server, viewer)),
  );
}

function standingOf({ film }: Viewing, { role, term, status }: ServerMoment): string {
  const { shows } = film.history;
  const name = role === 'unknown' ? status : role;
  return role === 'unknown' && shows?.includes('terms') !== true ? name : `${name} of term ${term}`;
}

/** Whether a log is known that may be shown; an empty one is. */
const isLogKnown = ({ film: { history, recorded } }: Viewing): boolean =>
  recorded?.hasStates !== false && history.shows?.includes('log') !== false;

function serverCard(server: ServerState, viewer: Viewing): HTMLElement {
  const { name, moment, texts } = server;
  const isDown = moment.status === 'down';
  return element(
    'section',
    { class: `server ${isDown ? 'is-down' : ''} role-${moment.role}`, aria: { label: name } },
    element(
      'h3',
      {},
      element('span', { class: `swatch term${isDown ? 'down' : moment.term % 8}` }),
      ` ${name} `,
      element('small', {}, isDown ? 'down' : standingOf(viewer, moment)),
    ),
    isLogKnown(viewer) ? logOf(server) : undefined,
    element(
      'dl',
      {},
      ...texts.map(({ key, label, text, was }) =>
        element(
          'div',
          { class: /^(?:role|term|vote|leader|commit|applied)$/.test(key) ? 'short' : 'long' },
          element('dt', {}, label),
          element(
            'dd',
            {},
            was === undefined
              ? text
              : element('mark', { title: was === '' ? 'it was not there' : `it was: ${was}` }, text),
            was === undefined || was === '' ? undefined : element('small', { class: 'was' }, ` was ${was}`),
          ),
        ),
      ),
    ),
  );
}

function logOf({ cells, cellsBefore, cellsGone, name }: ServerState): HTMLElement {
  const before = cellsBefore > 0 ? element('li', { class: 'more' }, `${cellsBefore} before`) : undefined;
  const gone = cellsGone > 0 ? element('li', { class: 'gone' }, `${cellsGone} cut`) : undefined;
  const empty = cells.length === 0 && cellsGone === 0 ? element('li', { class: 'more' }, 'empty log') : undefined;
  return element('ol', { class: 'log', aria: { label: `log of ${name}` } }, before, ...cells.map(cellOf), gone, empty);
}

function cellOf(cell: LogCell): HTMLElement {
  const { index, term, words, isCommitted, isDurable, isApplied, isNew } = cell;
  const facts = [
    `entry ${index} of term ${term}: ${words}`,
    isCommitted ? 'committed' : 'not committed',
    isApplied ? 'applied' : 'not applied',
    isDurable ? 'durable' : 'not durable',
  ];
  const classes = ['cell', `term${term % 8}`, isCommitted && 'committed', !isDurable && 'volatile', isNew && 'new'];
  return element(
    'li',
    { class: classes.filter((one) => one !== false).join(' '), title: facts.join(', ') },
    element('small', {}, String(index)),
    element('b', {}, String(term)),
    element('span', { class: 'words' }, words),
  );
}
