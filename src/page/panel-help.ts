// The panel of help: how to read the picture, and every key.
//
// The keys are the table that the page listens to.

import { notation } from '../trace/notation.ts';
import { stepKinds } from '../sim/step.ts';
import { keyTable } from './keys.ts';
import { element } from './dom.ts';
import type { Viewing } from './viewing.ts';

const SIGNS: readonly (readonly [string, string])[] = [
  ['▮', 'a broad lane leads; its colour is its term'],
  ['┃', 'a thin lane follows, a broken one stands for election'],
  ['▨', 'a hatched lane is down, paused, or has no disk to start from'],
  ['→', 'a message, from the step that sent it to the one that took it, in the colour of its term'],
  ['╌✕', 'a message that is lost'],
  ['⋯ late', 'a message that arrived behind a later one of its link'],
  ['×2', 'a message that arrived once more'],
  ['◎', 'the two facts that contradict each other'],
  ['✓4', 'the commit index, where it moved'],
];

export function helpPanel(viewer: Viewing): HTMLElement {
  const list = (rows: readonly (readonly [string, string])[]): HTMLElement =>
    element(
      'dl',
      { class: 'keys' },
      ...rows.flatMap(([sign, meaning]) => [element('dt', {}, sign), element('dd', {}, meaning)]),
    );
  const arrows: Readonly<Record<string, string>> = {
    ArrowRight: '→',
    ArrowLeft: '←',
    ArrowUp: '↑',
    ArrowDown: '↓',
  };
  return element(
    'div',
    {},
    element('h3', {}, 'The picture'),
    list(SIGNS),
    element('h3', {}, 'Keys'),
    list(keyTable.map(({ keys, meaning }) => [keys.map((key) => arrows[key] ?? key).join(' '), meaning])),
    element('h3', {}, 'Signs of steps'),
    list(stepKinds.map((kind) => [notation[kind].sign, `${kind}: ${notation[kind].meaning.replaceAll('`', '')}`])),
    element('p', { class: 'note' }, `Written by raft-sim ${viewer.story.version}. The page loads and sends nothing.`),
  );
}
