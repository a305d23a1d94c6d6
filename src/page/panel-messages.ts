// The panel of what is on its way at the cursor: messages and answers, oldest first.
//
// Of a message it shows its own fields, as the table of messages names them.

import { clientName, nodeName } from '../base/ids.ts';
import { messageRows } from '../protocol/messages/table.ts';
import { answerWords, messageWords } from '../trace/words.ts';
import { button, element } from './dom.ts';
import type { Viewing } from './viewing.ts';

const SHOWN_MAX = 200;

export function messagesPanel(viewer: Viewing): HTMLElement {
  const { film, step } = viewer;
  const { history } = film;
  const messages = history.onTheirWay(step);
  const answers = history.answers.filter(
    ({ sentAt, ending }) => sentAt <= step && (ending === undefined || ending.step > step),
  );
  const rows = messages.slice(0, SHOWN_MAX).map(({ flight, copies }) => {
    const { message, sentAt } = flight;
    const end = flight.endings.find((ending) => ending.step > step);
    return element(
      'tr',
      { title: `${messageRows[message.kind].meaning} (${messageRows[message.kind].section})` },
      element('td', {}, `${nodeName(message.from)} → ${nodeName(message.to)}`),
      element('td', {}, `${message.kind}${copies > 1 ? ` ×${copies}` : ''}, term ${message.term}`),
      element('td', {}, messageWords(message)),
      element(
        'td',
        {},
        button(`#${sentAt}`, 'the step that sent it', () => viewer.goTo(sentAt)),
      ),
      element(
        'td',
        {},
        end === undefined
          ? 'never'
          : button(`${end.isLost ? '✕ ' : ''}#${end.step}`, 'the step that ends it', () => viewer.goTo(end.step)),
      ),
    );
  });
  const replies = answers.map(({ node, answer, sentAt, ending }) =>
    element(
      'tr',
      {},
      element('td', {}, `${nodeName(node)} → ${clientName(answer.client)}`),
      element('td', {}, `answer to call ${answer.sequence}`),
      element('td', {}, answerWords(answer)),
      element(
        'td',
        {},
        button(`#${sentAt}`, 'the step that gave it', () => viewer.goTo(sentAt)),
      ),
      element('td', {}, ending === undefined ? 'never' : `#${ending.step}`),
    ),
  );
  if (rows.length + replies.length === 0) return element('p', { class: 'note' }, 'Nothing is on its way.');
  const more = messages.length > SHOWN_MAX ? `, the first ${SHOWN_MAX} are shown` : '';
  return element(
    'div',
    {},
    element('p', { class: 'note' }, `${messages.length} messages and ${answers.length} answers${more}.`),
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element('tr', {}, ...['link', 'kind', 'says', 'sent', 'ends'].map((title) => element('th', {}, title))),
      ),
      element('tbody', {}, ...rows, ...replies),
    ),
  );
}
