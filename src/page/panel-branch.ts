// The panel of branches: what may happen next in place of what did, and time that runs on its own.
//
// At the cursor of the run a branch begins; in a branch the next step follows its last. Every promise is checked at
// once, and the head of the page says what became of it.

import { possibleSteps, type PossibleStep } from '../view/moves-now.ts';
import { Branch } from '../view/branch.ts';
import type { BranchAction } from '../view/branch-plan.ts';
import { variantNames, type VariantName } from '../zoo/variant.ts';
import { button, element } from './dom.ts';
import type { Viewing } from './viewing.ts';

const TIMES: readonly (readonly [text: string, micros: number])[] = [
  ['10 ms', 10_000],
  ['100 ms', 100_000],
  ['1 s', 1_000_000],
  ['5 s', 5_000_000],
];

/** A branch from a later step takes a noticeable time. */
const LATE = 20_000;

const groups: Readonly<Record<PossibleStep['group'], string>> = {
  messages: 'Messages on the way',
  servers: 'Servers, timers and disks',
  clients: 'Clients',
  links: 'Links',
};

export function branchPanel(viewer: Viewing): HTMLElement {
  const { choice, original, step } = viewer;
  const { recorded } = original;
  if (recorded !== undefined) {
    const text = `A page carries our own node only: no branch of a run of ${recorded.system} can be taken here.`;
    return element('p', { class: 'note' }, text);
  }
  const known = choice.isBranchShown ? viewer.branch : undefined;
  if (known === undefined && step > LATE) return lateBranch(viewer);
  const branch = known ?? new Branch(original, { at: step, variant: undefined, seed: undefined, actions: [] });
  const act = (action: BranchAction): void =>
    viewer.branchOff((plan) => ({ ...plan, actions: [...plan.actions, action] }));
  return element(
    'div',
    { class: 'branch' },
    element(
      'p',
      { class: 'note' },
      known === undefined
        ? `What if something else happens behind step ${step}? Whatever you choose begins a branch there.`
        : branchWords(viewer),
    ),
    branch.isOver
      ? element('p', { class: 'verdict broken' }, 'A promise is broken, and the branch ends here.')
      : undefined,
    known === undefined ? undefined : undoRow(viewer),
    branch.isOver ? undefined : timeRow(act),
    rulesRow(viewer),
    ...(branch.isOver ? [] : groupsOf(branch, act)),
  );
}

/** So far into a run, what is possible is found when its reader asks: the steps before are taken again. */
function lateBranch(viewer: Viewing): HTMLElement {
  return element(
    'p',
    { class: 'note' },
    `Step ${viewer.step} is far into the run. `,
    button('Begin a branch here', 'takes the steps before again', () => viewer.branchOff((plan) => plan)),
  );
}

function branchWords({ choice, branch }: Viewing): string {
  const { at = 0, actions = [] } = choice.branch ?? {};
  const skipped = branch?.skipped ?? 0;
  const left = skipped === 0 ? '' : `; ${skipped} steps of the run were not possible and are left out`;
  return `This branch leaves the run behind step ${at} and has ${actions.length} actions of yours${left}.`;
}

function undoRow(viewer: Viewing): HTMLElement {
  const { actions = [] } = viewer.choice.branch ?? {};
  return element(
    'p',
    {},
    actions.length === 0
      ? undefined
      : button('undo', 'take the last action back', () =>
          viewer.branchOff((plan) => ({ ...plan, actions: plan.actions.slice(0, -1) })),
        ),
    button('other dice', 'time runs as another seed decides', () =>
      viewer.branchOff((plan) => ({ ...plan, seed: nextSeed(plan.seed ?? viewer.original.plan.seed) })),
    ),
  );
}

/** `42`, `42+1`, `42+2`. */
function nextSeed(seed: string): string {
  const [, front = seed, number = '0'] = /^(.*?)(?:\+(\d+))?$/s.exec(seed) ?? [];
  return `${front}+${Number(number) + 1}`.slice(-100);
}

function timeRow(act: (action: BranchAction) => void): HTMLElement {
  const row = (title: string, isFaulty: boolean): HTMLElement =>
    element(
      'p',
      { class: 'times' },
      element('span', {}, title),
      ...TIMES.map(([text, micros]) =>
        button(text, `${title} for ${text} of virtual time`, () => act({ run: micros, isFaulty })),
      ),
    );
  return element('div', {}, row('Let time run', false), row('with faults', true));
}

function rulesRow(viewer: Viewing): HTMLElement {
  const { plan } = viewer.original;
  const chosen = viewer.choice.isBranchShown ? viewer.choice.branch?.variant : undefined;
  const current = chosen === undefined ? plan.variant : chosen;
  const select = element(
    'select',
    {
      aria: { label: 'the rules of the node' },
      onchange: (event) => {
        const { value } = event.target as HTMLSelectElement;
        const variant = value === '' ? null : (value as VariantName);
        viewer.branchOff((branch) => ({ ...branch, variant }));
      },
    },
    ...['', ...variantNames].map((name) => {
      const option = element('option', { value: name }, name === '' ? 'the correct node' : name);
      option.selected = name === (current ?? '');
      return option;
    }),
  );
  return element('label', { class: 'rules' }, 'The same steps under other rules: ', select);
}

function groupsOf(branch: Branch, act: (action: BranchAction) => void): HTMLElement[] {
  const possible = possibleSteps(branch);
  return (Object.keys(groups) as PossibleStep['group'][]).flatMap((group) => {
    const steps = possible.filter((one) => one.group === group);
    if (steps.length === 0) return [];
    return [
      element(
        'details',
        { open: group === 'messages' || steps.length <= 12 },
        element('summary', {}, `${groups[group]} (${steps.length})`),
        element(
          'ul',
          { class: 'moves' },
          ...steps.map(({ step, text }) =>
            element(
              'li',
              {},
              button(text, 'take this step', () => act({ take: step })),
            ),
          ),
        ),
      ),
    ];
  });
}
