// The toolbar: steps forth and back, what is of interest, what is folded, lit and compared.
//
// Every button has a key; the keys stand in `keys.ts`, which calls the same.

import type { Viewing } from './viewing.ts';
import { findStep } from '../view/find.ts';
import { button, element, toggle } from './dom.ts';

export function toolbarOf(viewer: Viewing): HTMLElement[] {
  const { choice, facts, film } = viewer;
  const { last } = film.history;
  const facing = facts.map(({ step, text }, i) =>
    button(i === facts.length - 1 ? `✗ ${step}` : `fact ${i + 1}`, `${text} (${i + 1})`, () => viewer.goTo(step)),
  );
  const step = element('input', {
    type: 'number',
    value: String(viewer.step),
    aria: { label: 'step' },
    onchange: (event) => viewer.goTo(Number((event.target as HTMLInputElement).value) || 0),
  });
  step.max = String(last);
  step.min = '0';
  const search = element('input', {
    type: 'search',
    placeholder: 'find: n2, Vote, crash…',
    title: 'text in a step, Enter for the next one (/)',
    id: 'search',
    aria: { label: 'find a step by its text' },
  });
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') find(viewer, search.value, event.shiftKey ? -1 : 1);
  });
  return [
    group(
      'step',
      button('|◀', 'to the first step (Home)', () => viewer.goTo(0)),
      button('◀', 'one step back (←)', () => viewer.goTo(viewer.step - 1)),
      step,
      button('▶', 'one step on (→)', () => viewer.goTo(viewer.step + 1)),
      button('▶|', 'to the last step (End)', () => viewer.goTo(last)),
    ),
    group(
      'what is of interest',
      button('◀ event', 'the election, cut, commit, fault or goal before (p)', () => viewer.nextInterest(-1)),
      button('event ▶', 'the next election, cut, commit, fault or goal (n)', () => viewer.nextInterest(1)),
      ...facing,
    ),
    group(
      'how it is drawn',
      toggle('fold', 'fold quiet steps: heartbeats, their answers, writes (f)', choice.isFolded, () =>
        viewer.choose({ isFolded: !choice.isFolded }),
      ),
      toggle('past', 'light only what this step depends on (c)', choice.isLit, () =>
        viewer.choose({ isLit: !choice.isLit }),
      ),
      toggle('time', 'rows as far apart as they are in time (t)', choice.isTimed, () =>
        viewer.choose({ isTimed: !choice.isTimed }),
      ),
      toggle(
        choice.pinned === undefined ? 'compare' : `compare with ${choice.pinned}`,
        'hold this step against the ones that follow (m)',
        choice.pinned !== undefined,
        () => viewer.choose({ pinned: choice.pinned === undefined ? viewer.step : undefined }),
      ),
      button('−', 'smaller (-)', () => viewer.choose({ zoom: choice.zoom - 3 })),
      button('+', 'larger (+)', () => viewer.choose({ zoom: choice.zoom + 3 })),
    ),
    ...(choice.branch === undefined
      ? []
      : [
          group(
            'branch',
            toggle('run', 'look at the run (b)', !choice.isBranchShown, () => viewer.choose({ isBranchShown: false })),
            toggle('branch', 'look at the branch (b)', choice.isBranchShown, () =>
              viewer.choose({ isBranchShown: true }),
            ),
            button('✕', 'drop the branch', () => viewer.choose({ branch: undefined, step: choice.branch?.at ?? 0 })),
          ),
        ]),
    group('find', search),
  ];
}

const group = (label: string, ...children: HTMLElement[]): HTMLElement =>
  element('span', { class: 'group', role: 'group', aria: { label } }, ...children);

/** Goes to the next step that holds a text; what was typed stays. */
function find(viewer: Viewing, text: string, direction: 1 | -1): void {
  const step = findStep(viewer.film.history, text, viewer.step, direction);
  if (step === undefined) return;
  viewer.goTo(step);
  document.getElementById('search')?.focus();
  (document.getElementById('search') as HTMLInputElement | null)?.setAttribute('value', text);
}
