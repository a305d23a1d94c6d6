// The keyboard: one table of keys, which the help shows as it is.
//
// Keys mean nothing while somebody writes in a field.

import type { Viewing } from './viewing.ts';

interface KeyRow {
  readonly keys: readonly string[];
  readonly meaning: string;
  act(viewer: Viewing): void;
}

export const keyTable: readonly KeyRow[] = [
  { keys: ['ArrowRight', 'ArrowDown', 'j'], meaning: 'one step on', act: (v) => v.goTo(v.step + 1) },
  { keys: ['ArrowLeft', 'ArrowUp', 'k'], meaning: 'one step back', act: (v) => v.goTo(v.step - 1) },
  { keys: ['PageDown'], meaning: '25 steps on', act: (v) => v.goTo(v.step + 25) },
  { keys: ['PageUp'], meaning: '25 steps back', act: (v) => v.goTo(v.step - 25) },
  { keys: ['Home'], meaning: 'before the first step', act: (v) => v.goTo(0) },
  { keys: ['End'], meaning: 'the last step', act: (v) => v.goTo(v.film.history.last) },
  { keys: ['n'], meaning: 'the next step of interest', act: (v) => v.nextInterest(1) },
  { keys: ['p'], meaning: 'the step of interest before', act: (v) => v.nextInterest(-1) },
  { keys: ['v'], meaning: 'the broken promise', act: (v) => v.goTo(v.facts.at(-1)?.step ?? v.step) },
  { keys: ['1'], meaning: 'its first fact', act: (v) => v.goTo(v.facts[0]?.step ?? v.step) },
  { keys: ['2'], meaning: 'its second fact', act: (v) => v.goTo(v.facts[1]?.step ?? v.step) },
  { keys: ['f'], meaning: 'fold quiet steps', act: (v) => v.choose({ isFolded: !v.choice.isFolded }) },
  { keys: ['c'], meaning: 'light the causal past', act: (v) => v.choose({ isLit: !v.choice.isLit }) },
  { keys: ['t'], meaning: 'time to scale', act: (v) => v.choose({ isTimed: !v.choice.isTimed }) },
  {
    keys: ['m'],
    meaning: 'compare with this step',
    act: (v) => v.choose({ pinned: v.choice.pinned === undefined ? v.step : undefined }),
  },
  { keys: ['+', '='], meaning: 'larger', act: (v) => v.choose({ zoom: v.choice.zoom + 3 }) },
  { keys: ['-'], meaning: 'smaller', act: (v) => v.choose({ zoom: v.choice.zoom - 3 }) },
  {
    keys: ['b'],
    meaning: 'the run, or the branch',
    act: (v) => v.choose({ isBranchShown: v.choice.branch !== undefined && !v.choice.isBranchShown }),
  },
  { keys: ['e'], meaning: 'the table of events', act: (v) => v.choose({ panel: 'events' }) },
  { keys: ['s'], meaning: 'the state of the servers', act: (v) => v.choose({ panel: 'state' }) },
  { keys: ['w'], meaning: 'what if', act: (v) => v.choose({ panel: 'branch' }) },
  { keys: ['/'], meaning: 'find a step', act: () => document.getElementById('search')?.focus() },
  { keys: ['?'], meaning: 'this help', act: (v) => v.choose({ panel: 'help' }) },
];

export function listenToKeys(viewerOf: () => Viewing | undefined): void {
  document.addEventListener('keydown', (event) => {
    const viewer = viewerOf();
    const isWriting = event.target instanceof HTMLElement && /^(?:input|textarea|select)$/i.test(event.target.tagName);
    if (viewer === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isWriting) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    const row = keyTable.find(({ keys }) => keys.includes(event.key));
    if (row === undefined) return;
    event.preventDefault();
    row.act(viewer);
  });
}
