// The panel of odds: how likely is the failure from each step on?
//
// The curve is drawn while the continuations run, a few at a time, so that the page stays alive. It can be stopped.

import type { Film } from '../view/film.ts';
import { likelihoodOf, pointsOf, type LikelihoodPoint } from '../view/likelihood.ts';
import { button, element } from './dom.ts';
import type { Viewing } from './viewing.ts';

const INPUT = { points: 14, runs: 20, micros: 2_000_000 } as const;
/** Real milliseconds of work between two turns of the page. */
const TURN = 30;

interface Search {
  readonly points: LikelihoodPoint[];
  readonly total: number;
  done: number;
  isRunning: boolean;
}

const searches = new WeakMap<Film, Search>();

export function likelihoodPanel(viewer: Viewing): HTMLElement {
  const film = viewer.original;
  if (film.recorded !== undefined) {
    const text = `A page carries our own node only: continuations of ${film.recorded.system} cannot be run here.`;
    return element('p', { class: 'note' }, text);
  }
  const body = element('div', { class: 'likely' });
  const { points, runs, micros } = INPUT;
  const introduction =
    `From each of ${points} steps time runs on for ${micros / 1_000_000} s in ${runs} ways, ` +
    'with faults and calls of clients. ';
  const draw = (): void => {
    const search = searches.get(film);
    body.replaceChildren(
      element(
        'p',
        { class: 'note' },
        introduction,
        film.run.violation === undefined
          ? 'The curve is the share of them that breaks a promise.'
          : `The curve is the share of them that breaks ${film.run.violation.property}.`,
      ),
      search === undefined || !search.isRunning
        ? button(search === undefined ? 'Run them' : 'Run them again', 'may take a while', () => start(film, draw))
        : button('Stop', 'keep what was found', () => (search.isRunning = false)),
      ...(search === undefined ? [] : [progressOf(search), curveOf(viewer, search.points)]),
    );
  };
  draw();
  return body;
}

function start(film: Film, draw: () => void): void {
  const total = pointsOf(film, INPUT.points).length * INPUT.runs;
  const search: Search = { points: [], total, done: 0, isRunning: true };
  searches.set(film, search);
  const work = likelihoodOf(film, INPUT);
  const turn = (): void => {
    const begun = performance.now();
    while (search.isRunning && performance.now() - begun < TURN) {
      const { done, value } = work.next();
      if (done === true) search.isRunning = false;
      else if (value === undefined) search.done++;
      else search.points.push(value);
    }
    draw();
    if (search.isRunning) setTimeout(turn, 0);
  };
  turn();
}

const progressOf = ({ done, total, isRunning }: Search): HTMLElement =>
  element('p', { role: 'status' }, `${done} of ${total} continuations${isRunning ? '…' : ''}`);

const shareOf = ({ same, runs }: LikelihoodPoint): number => same / runs;

function curveOf(viewer: Viewing, points: readonly LikelihoodPoint[]): HTMLElement {
  const rows = points.map((point) => {
    const share = Math.round(shareOf(point) * 100);
    const bar = element('span', { class: 'bar' });
    bar.style.width = `${share}%`;
    return element(
      'tr',
      { class: point.step === viewer.step ? 'current' : '' },
      element(
        'td',
        {},
        button(`#${point.step}`, 'go there', () => viewer.goTo(point.step)),
      ),
      element('td', {}, `${point.same} of ${point.runs}`),
      element('td', { class: 'interval' }, element('span', { class: 'track' }, bar)),
      element('td', {}, point.other === 0 ? '' : `another promise: ${point.other}`),
    );
  });
  const [first] = points.filter((point) => shareOf(point) === 1);
  return element(
    'div',
    {},
    element(
      'table',
      { class: 'odds' },
      element(
        'thead',
        {},
        element('tr', {}, ...['from step', 'broken', 'share', ''].map((text) => element('th', {}, text))),
      ),
      element('tbody', {}, ...rows),
    ),
    first === undefined
      ? undefined
      : element('p', { class: 'verdict broken' }, `From step ${first.step} on every continuation broke it.`),
  );
}
