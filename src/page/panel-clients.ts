// The panel of the clients: every call as an interval between its first send and its answer.
//
// Where the history is not linearizable, it says up to which answer it is, and which one no order explains.

import { clientName, nodeName, type NodeId } from '../base/ids.ts';
import { operationText } from '../protocol/operation.ts';
import { oneLine } from '../trace/words.ts';
import { brokenBy, callsOf, callsUpTo, firstMisfit, type ClientCall } from '../view/calls.ts';
import type { History } from '../view/history.ts';
import { button, element } from './dom.ts';
import type { Viewing } from './viewing.ts';

const SHOWN_MAX = 300;
/** A history with more calls is not searched here. */
const SEARCHED_MAX = 2000;

const known = new WeakMap<
  History,
  { readonly calls: ClientCall[]; readonly isSearched: boolean; readonly misfit: ClientCall | undefined }
>();

export function clientsPanel(viewer: Viewing): HTMLElement {
  const { history } = viewer.film;
  let found = known.get(history);
  if (found === undefined) {
    const calls = callsOf(history);
    // The sentence of a broken history says how far it need be searched.
    const end = brokenBy(viewer.film.run.violation?.why ?? '');
    const part = end === undefined ? calls : callsUpTo(calls, end);
    const isSearched = part.length <= SEARCHED_MAX;
    found = { calls, isSearched, misfit: isSearched ? firstMisfit(part) : undefined };
    known.set(history, found);
  }
  const { calls, isSearched, misfit } = found;
  if (calls.length === 0) return element('p', { class: 'note' }, 'No client calls in this run.');
  const { last } = history;
  const near = aroundStep(calls, viewer.step);
  return element(
    'div',
    {},
    element('p', { class: 'note' }, wordsOf(calls, near, isSearched)),
    misfit === undefined
      ? undefined
      : element(
          'p',
          { class: 'verdict broken' },
          `Linearizable up to step ${misfit.completedAt - 1}. The first answer that no order explains: `,
          button(`step ${misfit.completedAt}`, 'go there', () => viewer.goTo(misfit.completedAt)),
          ` ${clientName(misfit.client)} ${oneLine(operationText(misfit.operation))} → "${oneLine(misfit.result)}"`,
        ),
    element(
      'table',
      { class: 'calls' },
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          ...['client', 'call', 'answer', 'from step … to step'].map((text) => element('th', {}, text)),
        ),
      ),
      element('tbody', {}, ...near.map((call) => callRow(call, viewer, last, call === misfit))),
    ),
  );
}

function wordsOf(calls: readonly ClientCall[], shown: readonly ClientCall[], isSearched: boolean): string {
  const open = calls.filter(({ completedAt }) => completedAt < 0).length;
  const part = shown.length < calls.length ? `, ${shown.length} of them here` : '';
  const search = isSearched ? '' : ' There are too many to look for a linear order here.';
  return `${calls.length} calls${part}; ${open} without an answer, which may take effect later or never.${search}`;
}

function aroundStep(calls: readonly ClientCall[], step: number): readonly ClientCall[] {
  if (calls.length <= SHOWN_MAX) return calls;
  const place = calls.findIndex(({ invokedAt }) => invokedAt >= step);
  const middle = place < 0 ? calls.length : place;
  const from = Math.max(0, Math.min(calls.length - SHOWN_MAX, middle - SHOWN_MAX / 2));
  return calls.slice(from, from + SHOWN_MAX);
}

function callRow(call: ClientCall, viewer: Viewing, last: number, isMisfit: boolean): HTMLElement {
  const { client, sequence, operation, invokedAt, completedAt, result, sends, node } = call;
  const isOpen = completedAt < 0;
  const end = isOpen ? last : completedAt;
  const bar = element('span', { class: isOpen ? 'bar open' : 'bar' });
  bar.style.marginLeft = `${(invokedAt / last) * 100}%`;
  bar.style.width = `${Math.max(0.6, ((end - invokedAt) / last) * 100)}%`;
  const isNow = invokedAt <= viewer.step && viewer.step <= end;
  const text = `#${invokedAt} … ${isOpen ? '?' : `#${completedAt}`}`;
  return element(
    'tr',
    { class: `${isMisfit ? 'misfit' : ''} ${isNow ? 'current' : ''}`.trim() },
    element('td', {}, `${clientName(client)}.${sequence}`),
    element(
      'td',
      {},
      oneLine(operationText(operation)),
      sends > 1 ? element('small', {}, ` sent ${sends}×`) : undefined,
    ),
    element('td', {}, isOpen ? '?' : `"${oneLine(result)}"`),
    element(
      'td',
      { class: 'interval' },
      button(text, `first sent to ${nodeName(node as NodeId)}`, () => viewer.goTo(invokedAt)),
      element('span', { class: 'track' }, bar),
    ),
  );
}
