// The panel of files: the run, or the branch, as what other programs read.
//
// Everything is made here, in the page, by the writers of the library.

import { UsageError } from '../base/errors.ts';
import { exportTable, type ExportRow } from '../view/exports.ts';
import { button, download, element } from './dom.ts';
import type { Viewing } from './viewing.ts';

export function filesPanel(viewer: Viewing): HTMLElement {
  const { choice, film, story } = viewer;
  const name = choice.isBranchShown ? 'branch' : 'run';
  const problem = element('p', { class: 'note', role: 'status' });
  const write = (row: ExportRow): void => {
    try {
      const { step, pinned = Math.max(1, viewer.step - 40) } = choice;
      const [from, to] = [Math.max(1, Math.min(step, pinned)), Math.max(1, step, pinned)];
      const { facts } = viewer;
      const text = row.make({
        film,
        facts,
        from,
        to,
        isFolded: choice.isFolded,
        title: story.title,
        version: story.version,
      });
      download(`${name}.${row.file}`, text, row.type);
      problem.textContent = `${name}.${row.file} was written.`;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problem.textContent = error.message;
    }
  };
  return element(
    'div',
    { class: 'files' },
    element(
      'p',
      { class: 'note' },
      `The ${name} as files. A picture shows the steps between the one that you compare with and the cursor.`,
    ),
    element(
      'ul',
      {},
      ...exportTable.map((row) =>
        element(
          'li',
          {},
          button(row.title, row.meaning, () => write(row)),
          ' ',
          element('small', {}, row.meaning),
        ),
      ),
    ),
    problem,
    element('h3', {}, 'On the command line'),
    element('pre', { class: 'command' }, story.command),
  );
}
