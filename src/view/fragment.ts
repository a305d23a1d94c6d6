// What a reader has chosen, as the fragment of an address and back: the step, what is folded, lit and compared, the
// panel, the branch.
//
// A fragment is written by people, too: what makes no sense in it is left out.

import { branchOfJson, branchToJson, type BranchPlan } from './branch-plan.ts';

export interface ViewChoice {
  readonly step: number;
  readonly pinned: number | undefined;
  readonly isFolded: boolean;
  readonly isLit: boolean;
  /** Time is to scale, within limits. */
  readonly isTimed: boolean;
  /** Pixels of a row. */
  readonly zoom: number;
  readonly panel: string;
  readonly branch: BranchPlan | undefined;
  /** The branch is looked at, not the run. */
  readonly isBranchShown: boolean;
}

export const ZOOM_MIN = 3;
export const ZOOM_MAX = 40;

export function fragmentOf(choice: ViewChoice): string {
  const { step, pinned, isFolded, isLit, isTimed, zoom, panel, branch, isBranchShown } = choice;
  const parts: [string, string][] = [['step', String(step)]];
  if (pinned !== undefined) parts.push(['compare', String(pinned)]);
  parts.push(['fold', isFolded ? '1' : '0']);
  if (isLit) parts.push(['past', '1']);
  if (isTimed) parts.push(['time', '1']);
  parts.push(['zoom', String(zoom)], ['panel', panel]);
  if (branch !== undefined) parts.push(['branch', branchToJson(branch)], ['see', isBranchShown ? 'branch' : 'run']);
  return new URLSearchParams(parts).toString();
}

/** What of a run a fragment must fit. */
export interface RunSize {
  readonly last: number;
  readonly servers: number;
}

/** What a fragment says, on top of what is usual. */
export function choiceOf(fragment: string, usual: ViewChoice, panels: readonly string[], run: RunSize): ViewChoice {
  const words = new URLSearchParams(fragment.replace(/^#/, ''));
  const number = (name: string, least: number, most: number): number | undefined => {
    const text = words.get(name);
    const value = Number(text);
    return text === null || !Number.isInteger(value) ? undefined : Math.max(least, Math.min(most, value));
  };
  const flag = (name: string): boolean | undefined => (words.has(name) ? words.get(name) === '1' : undefined);
  const panel = words.get('panel') ?? '';
  const { last } = run;
  const branch = branchOfJson(words.get('branch'), run);
  return {
    step: number('step', 0, branch === undefined ? last : Number.MAX_SAFE_INTEGER) ?? usual.step,
    pinned: number('compare', 0, last),
    isFolded: flag('fold') ?? usual.isFolded,
    isLit: flag('past') ?? usual.isLit,
    isTimed: flag('time') ?? usual.isTimed,
    zoom: number('zoom', ZOOM_MIN, ZOOM_MAX) ?? usual.zoom,
    panel: panels.includes(panel) ? panel : usual.panel,
    branch,
    isBranchShown: branch !== undefined && words.get('see') !== 'run',
  };
}
