// Where the page begins: it reads its data, takes the run again in slices, and shows it.
//
// While it works it says how far it is; what goes wrong it says in words. A page with a playground shows other runs,
// too, one after the other.

// oxlint-disable-next-line import/no-unassigned-import -- before any schema is made
import './no-eval.ts';
import { planOfTrace } from '../run/traced-plan.ts';
import { decodeTrace } from '../trace/format.ts';
import { filmOfTrace, type Film } from '../view/film.ts';
import { filmOfRecord } from '../view/recorded-film.ts';
import { readPageData, traceText } from './data.ts';
import { element, fill } from './dom.ts';
import { listenToKeys } from './keys.ts';
import { PlaygroundBar } from './playground.ts';
import { Viewer } from './viewer.ts';
import type { Story } from './viewing.ts';

/** Real milliseconds of work between two pictures. */
const TURN = 40;

const app = element('div', { id: 'app' });
const stage = element('div', { id: 'stage' });
const standing = element('p', { class: 'standing', role: 'status' });
let viewer: Viewer | undefined;

async function begin(): Promise<void> {
  const begun = performance.now();
  document.body.append(app);
  fill(app, stage, standing);
  const data = readPageData();
  const { title, why, command, version, playground } = data;
  const first = async (): Promise<void> => {
    const trace = decodeTrace(await traceText(data.trace), title);
    const isForeign = planOfTrace(trace).system !== undefined;
    const work = isForeign ? filmOfRecord(trace) : filmOfTrace(trace);
    show({ title, why, command, version, address: '' }, await taken(work));
  };
  if (playground === null) await first();
  else {
    const bar = new PlaygroundBar(playground, ({ story, film }) => show({ ...story, version }, film), taken);
    app.prepend(bar.root);
    app.classList.add('has-playground');
    if (!bar.open(location.hash) && !bar.open(`story=${encodeURIComponent(playground.first)}`)) await first();
  }
  document.documentElement.dataset['loadedMillis'] = String(Math.round(performance.now() - begun));
}

function show(story: Story, film: Film): void {
  const { hash } = location;
  const isMeant = story.address === '' ? viewer === undefined : hash.startsWith(`#${story.address}`);
  viewer = new Viewer(story, film, isMeant ? hash : '');
  fill(stage, viewer.root);
  viewer.choose({});
  viewer.diagram.drawNow();
}

/** Does long work, and gives the page its turns in between. */
async function taken<Result>(work: Generator<number, Result>): Promise<Result> {
  try {
    for (;;) {
      const begun = performance.now();
      let turn = work.next();
      while (turn.done !== true && performance.now() - begun < TURN) turn = work.next();
      if (turn.done === true) return turn.value;
      standing.textContent = `The run is taken: step ${turn.value}…`;
      await new Promise((resolve) => {
        setTimeout(resolve, 0);
      });
    }
  } finally {
    standing.textContent = '';
  }
}

listenToKeys(() => viewer);
addEventListener('hashchange', () => viewer?.readAddress(location.hash));
begin().catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error);
  fill(app, element('h1', {}, 'This run cannot be shown'), element('pre', {}, text));
});
