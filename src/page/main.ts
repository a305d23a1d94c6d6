// Where the page begins: it reads its data, takes the run again in slices, and shows it.
//
// While it works it says how far it is; what goes wrong it says in words.

import { decodeTrace } from '../trace/format.ts';
import { filmOfTrace, type Film } from '../view/film.ts';
import { readPageData, traceText } from './data.ts';
import { element, fill } from './dom.ts';
import { listenToKeys } from './keys.ts';
import { Viewer } from './viewer.ts';

/** Real milliseconds of work between two pictures. */
const TURN = 40;

const app = element('div', { id: 'app' });
let viewer: Viewer | undefined;

async function begin(): Promise<void> {
  document.body.append(app);
  const data = readPageData();
  const { title, why, command, version } = data;
  fill(app, element('h1', {}, title), element('p', { role: 'status' }, 'The run is taken again…'));
  const begun = performance.now();
  const trace = decodeTrace(await traceText(data.trace), title);
  const film = await filmed(filmOfTrace(trace), trace.end.steps);
  viewer = new Viewer({ title, why, command, version }, film, location.hash);
  fill(app, viewer.root);
  viewer.choose({});
  viewer.diagram.drawNow();
  document.documentElement.dataset['loadedMillis'] = String(Math.round(performance.now() - begun));
}

/** Takes the run again, and gives the page its turns in between. */
async function filmed(work: Generator<number, Film>, steps: number): Promise<Film> {
  for (;;) {
    const begun = performance.now();
    let turn = work.next();
    while (turn.done !== true && performance.now() - begun < TURN) turn = work.next();
    if (turn.done === true) return turn.value;
    fill(app, element('p', { role: 'status' }, `The run is taken again: step ${turn.value} of ${steps}…`));
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
  }
}

listenToKeys(() => viewer);
addEventListener('hashchange', () => viewer?.readAddress(location.hash));
begin().catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error);
  fill(app, element('h1', {}, 'This run cannot be shown'), element('pre', {}, text));
});
