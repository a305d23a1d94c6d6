// The viewer: one run and perhaps a branch of it, what its reader has chosen, and the parts of the page that show it.
//
// Whatever changes the choice goes through `choose`, which writes the address and draws anew. A part reads the viewer
// and never another part.

import { factsOf, type MarkedFact } from '../view/facts.ts';
import type { Film } from '../view/film.ts';
import { Branch } from '../view/branch.ts';
import type { BranchPlan } from '../view/branch-plan.ts';
import { choiceOf, fragmentOf, ZOOM_MAX, ZOOM_MIN, type ViewChoice } from '../view/fragment.ts';
import { interestsIn, type Interest } from '../view/interest.ts';
import { causalPast } from '../view/past.ts';
import { plainLine } from '../view/picture-words.ts';
import { FOLD_FROM, rowsOf, type Rows } from '../view/rows.ts';
import { stepSentence } from '../view/sentence.ts';
import { Diagram, type Choice } from './diagram.ts';
import { element, fill } from './dom.ts';
import { headerOf } from './header.ts';
import { panels } from './panels.ts';
import { toolbarOf } from './toolbar.ts';
import type { Story, Viewing } from './viewing.ts';

/** What belongs to one of the two runs. */
interface Side {
  readonly film: Film;
  readonly facts: readonly MarkedFact[];
  readonly interests: readonly Interest[];
  readonly diagram: Diagram;
  rows: Rows;
  isFolded: boolean;
  lit: { readonly target: number; readonly isIn: Uint8Array } | undefined;
}

export class Viewer implements Viewing {
  readonly root: HTMLElement = element('div', { class: 'viewer' });
  readonly story: Story;
  choice: ViewChoice;
  private readonly run: Side;
  private branched: { readonly side: Side; readonly branch: Branch } | undefined;
  private readonly header = element('header');
  private readonly toolbar = element('div', { class: 'toolbar', role: 'toolbar', aria: { label: 'the run' } });
  private readonly pictures = element('div', { class: 'pictures' });
  private readonly sentence = element('p', { class: 'sentence', aria: { live: 'polite' } });
  private readonly tabs = element('div', { class: 'tabs', role: 'tablist', aria: { label: 'panels' } });
  private readonly panel = element('div', { class: 'panel', role: 'tabpanel', tabIndex: 0 });

  constructor(story: Story, film: Film, fragment: string) {
    this.story = story;
    const { last } = film.history;
    const usual: ViewChoice = {
      step: film.run.violation?.step ?? last,
      pinned: undefined,
      isFolded: last >= FOLD_FROM && film.recorded?.hasStates !== false,
      isLit: false,
      isTimed: false,
      zoom: 20,
      panel: 'state',
      branch: undefined,
      isBranchShown: false,
    };
    const names = panels.map(({ key }) => key);
    this.choice = choiceOf(fragment, usual, names, { last, servers: film.history.servers });
    this.run = this.sideOf(film, 'the run');
    const side = element('div', { class: 'side' }, this.sentence, this.tabs, this.panel);
    this.root.append(this.header, this.toolbar, element('main', {}, this.pictures, side));
    this.makeBranch();
    fill(this.header, headerOf(this));
    this.draw(false);
  }

  // ── what is looked at ──────────────────────────────────────────────────────────────────────────────────────────

  get original(): Film {
    return this.run.film;
  }

  get branch(): Branch | undefined {
    return this.branched?.branch;
  }

  private get side(): Side {
    return this.choice.isBranchShown && this.branched !== undefined ? this.branched.side : this.run;
  }

  /** The run or the branch, whichever is looked at. */
  get film(): Film {
    return this.side.film;
  }

  get branchFilm(): Film | undefined {
    return this.branched?.side.film;
  }

  get facts(): readonly MarkedFact[] {
    return this.side.facts;
  }

  get interests(): readonly Interest[] {
    return this.side.interests;
  }

  get step(): number {
    return Math.max(0, Math.min(this.film.history.last, this.choice.step));
  }

  /** The step that the state is compared with. */
  get other(): number {
    return this.choice.pinned ?? Math.max(0, this.step - 1);
  }

  get diagram(): Diagram {
    return this.side.diagram;
  }

  // ── what its reader does ───────────────────────────────────────────────────────────────────────────────────────

  choose(change: Partial<ViewChoice>): void {
    const before = this.choice;
    this.choice = { ...before, ...change };
    const isNewBranch = change.branch !== before.branch && 'branch' in change;
    if (isNewBranch) this.makeBranch();
    const step = Math.max(0, Math.min(this.film.history.last, this.choice.step));
    this.choice = { ...this.choice, step, zoom: Math.max(ZOOM_MIN, Math.min(ZOOM_MAX, this.choice.zoom)) };
    if (isNewBranch || change.isBranchShown !== undefined) fill(this.header, headerOf(this));
    history.replaceState(null, '', this.fragment());
    this.draw(false);
  }

  goTo(step: number): void {
    this.choose({ step });
  }

  private fragment(): string {
    const { address } = this.story;
    return `#${address === '' ? '' : `${address}&`}${fragmentOf(this.choice)}`;
  }

  /** Somebody wrote another address. */
  readAddress(fragment: string): void {
    if (fragment === this.fragment()) return;
    const { last, servers } = this.original.history;
    const names = panels.map(({ key }) => key);
    this.choose(choiceOf(fragment, this.choice, names, { last, servers }));
  }

  /** The next step of interest in a direction. */
  nextInterest(direction: 1 | -1): void {
    const { interests, step } = this;
    const next =
      direction === 1
        ? interests.find((interest) => interest.step > step)
        : interests.findLast((interest) => interest.step < step);
    if (next !== undefined) this.goTo(next.step);
  }

  /** Leaves the run behind the step at the cursor, or goes on in the branch that is looked at. */
  branchOff(change: (plan: BranchPlan) => BranchPlan): void {
    const { branch, isBranchShown } = this.choice;
    const usual: BranchPlan = { at: this.step, variant: undefined, seed: undefined, actions: [] };
    const begun = isBranchShown && branch !== undefined ? branch : usual;
    this.choose({ branch: change(begun), isBranchShown: true, step: Number.MAX_SAFE_INTEGER });
  }

  // ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────────

  private makeBranch(): void {
    const { branch: plan } = this.choice;
    if (plan === undefined || this.run.film.recorded !== undefined) {
      this.branched = undefined;
      this.choice = { ...this.choice, isBranchShown: false };
    } else {
      const branch = new Branch(this.run.film, plan);
      this.branched = { side: this.sideOf(branch.film(), 'the branch'), branch };
    }
    fill(
      this.pictures,
      this.run.diagram.root,
      this.branched === undefined ? undefined : this.branched.side.diagram.root,
    );
    this.root.classList.toggle('has-branch', this.branched !== undefined);
  }

  private sideOf(film: Film, name: string): Side {
    const { history, run } = film;
    const facts = run.violation === undefined ? [] : factsOf(history, run.violation);
    const { isFolded } = this.choice;
    const rows = rowsOf(history, isFolded, openSteps(facts));
    const label = `${name} as a space-time diagram: ${history.servers} servers, ${history.last} steps`;
    const choice: Choice = { rows, cursor: 0, pinned: undefined, facts, lit: undefined, rowHeight: 20, isTimed: false };
    const diagram = new Diagram(history, label, choice, (step, isPin) => {
      const isBranchShown = this.branched !== undefined && this.branched.side.diagram === diagram;
      this.choose(isPin ? { pinned: step, isBranchShown } : { step, isBranchShown });
    });
    return { film, facts, interests: interestsIn(film), diagram, rows, isFolded, lit: undefined };
  }

  private draw(isCursorKept: boolean): void {
    for (const side of [this.run, this.branched?.side]) if (side !== undefined) this.drawSide(side, isCursorKept);
    this.run.diagram.root.classList.toggle('is-shown', this.side === this.run);
    this.branched?.side.diagram.root.classList.toggle('is-shown', this.side !== this.run);
    fill(this.toolbar, ...toolbarOf(this));
    const { history } = this.film;
    const name = this.side === this.run ? '' : 'Branch, ';
    fill(
      this.sentence,
      element('strong', {}, `${name}step ${this.step} of ${history.last}. `),
      stepSentence(history, this.step),
      element('span', { class: 'line' }, plainLine(history.lines[this.step])),
    );
    fill(
      this.tabs,
      ...panels.map(({ key, title }) =>
        element(
          'button',
          {
            type: 'button',
            role: 'tab',
            id: `tab-${key}`,
            aria: { selected: String(key === this.choice.panel), controls: 'panel' },
            onclick: () => this.choose({ panel: key }),
          },
          title,
        ),
      ),
    );
    const panel = panels.find(({ key }) => key === this.choice.panel) ?? panels[0];
    this.panel.id = 'panel';
    this.panel.setAttribute('aria-labelledby', `tab-${panel.key}`);
    fill(this.panel, panel.render(this));
  }

  private drawSide(side: Side, isCursorKept: boolean): void {
    const { isFolded, isLit, isTimed, zoom, pinned } = this.choice;
    if (side.isFolded !== isFolded) {
      side.isFolded = isFolded;
      side.rows = rowsOf(side.film.history, isFolded, openSteps(side.facts));
    }
    const isShown = side === this.side;
    const { last } = side.film.history;
    const cursor = isShown ? this.step : Math.min(this.choice.step, last, this.choice.branch?.at ?? last);
    if (!isLit || !isShown) side.lit = undefined;
    else if (side.lit?.target !== cursor) side.lit = { target: cursor, isIn: causalPast(side.film.history, cursor) };
    const { rows, facts, lit } = side;
    side.diagram.show(
      { rows, facts, cursor, pinned: isShown ? pinned : undefined, lit: lit?.isIn, rowHeight: zoom, isTimed },
      isCursorKept,
    );
  }
}

/** Facts stand on rows of their own, with a little around the last one. */
function openSteps(facts: readonly MarkedFact[]): Set<number> {
  const open = new Set<number>();
  for (const { step } of facts) open.add(step);
  const last = facts.at(-1)?.step ?? 0;
  for (let step = last - 4; step <= last; step++) open.add(step);
  return open;
}
