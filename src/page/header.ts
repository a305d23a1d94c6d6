// The head of a page: what the run is, and what became of it, in the words of the command line.
//
// It says violated and kept exactly as `raft-sim run` does, since it is the same simulation.

import { clockText, micros } from '../base/ids.ts';
import { propertyTable, isPropertyName } from '../run/properties.ts';
import type { Film } from '../view/film.ts';
import { unknownWords } from '../view/recorded-film.ts';
import { button, element } from './dom.ts';
import type { Viewing } from './viewing.ts';

export function headerOf(viewer: Viewing): HTMLElement {
  const { story, original, branchFilm, choice } = viewer;
  const { plan, run } = original;
  const facts = [
    `seed ${plan.seed}`,
    `${plan.nodes} servers`,
    plan.profile,
    raftOf(original),
    `${run.steps} steps`,
    clockText(micros(run.at)),
    `fingerprint ${run.fingerprint}`,
  ];
  return element(
    'div',
    { class: 'head' },
    element('h1', {}, story.title),
    story.why === '' ? undefined : element('p', { class: 'why' }, story.why),
    element('p', { class: 'facts' }, facts.join(' · ')),
    ...unknownWords(original).map((text) => element('p', { class: 'unknown' }, text)),
    verdictElement(viewer, original, branchFilm === undefined ? '' : 'The run: '),
    choice.isBranchShown ? undefined : factsElement(viewer),
    branchFilm === undefined
      ? undefined
      : verdictElement(
          viewer,
          branchFilm,
          `${choice.isBranchShown ? '▸ ' : ''}The branch from step ${choice.branch?.at ?? 0}: `,
        ),
  );
}

const raftOf = ({ plan, recorded }: Film): string =>
  recorded?.system ?? (plan.variant === null ? 'the correct node' : `variant ${plan.variant}`);

/** `✗ leader-completeness broken at step 818`, and what is broken. */
function verdictElement({ story }: Viewing, { run, recorded }: Film, front: string): HTMLElement {
  const { violation, verdicts, flood } = run;
  if (violation === undefined) {
    const unknown = verdicts.filter(({ outcome }) => outcome === 'unknown').map(({ property }) => property);
    if (recorded !== undefined && verdicts.length === 0) {
      return element('p', { class: 'verdict' }, `${front}nothing broken; what was checked is not in the trace`);
    }
    const text = unknown.length === 0 ? 'every promise kept' : `nothing broken; undecided: ${unknown.join(', ')}`;
    const more = flood === undefined ? '' : `, ended at a bound: ${flood.words}`;
    return element('p', { class: unknown.length === 0 ? 'verdict kept' : 'verdict' }, `${front}✓ ${text}${more}`);
  }
  const { property, step, why } = violation;
  const promise = isPropertyName(property) ? propertyTable[property] : undefined;
  return element(
    'div',
    { class: 'verdict broken' },
    element('p', {}, `${front}✗ ${property} broken at step ${step}`),
    element('p', { class: 'found' }, why),
    promise === undefined || story.why.includes(promise.promise)
      ? undefined
      : element('p', { class: 'promise' }, `Promised: ${promise.promise} (paper: ${promise.section})`),
  );
}

/** What stands against each other, each a step away. */
function factsElement(viewer: Viewing): HTMLElement | undefined {
  const { facts } = viewer;
  if (facts.length < 2) return undefined;
  return element(
    'ol',
    { class: 'against', aria: { label: 'what contradicts each other' } },
    ...facts.map(({ step, text }, i) =>
      element(
        'li',
        {},
        button(`step ${step}`, `go there (${i + 1})`, () => viewer.goTo(step)),
        i === facts.length - 1 ? ' breaks it' : ` ${text}`,
      ),
    ),
  );
}
