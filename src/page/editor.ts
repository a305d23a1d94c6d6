// The editor of a story: plain text with completion of the language's words, played by Ctrl-Enter.
//
// What completes comes from the tables of the language. Tab takes the first word that is offered.

import { typedAt, wordsFor } from '../view/completion-words.ts';
import { button, element, fill } from './dom.ts';

export class Editor {
  readonly root: HTMLElement;
  private readonly area = element('textarea', { aria: { label: 'the story, as YAML' } });
  private readonly offers = element('div', { class: 'offers', role: 'listbox', aria: { label: 'words that fit' } });

  constructor(play: () => void) {
    this.area.rows = 16;
    this.area.spellcheck = false;
    this.area.addEventListener('input', () => this.offer());
    this.area.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        play();
      } else if (event.key === 'Tab' && !event.shiftKey && this.first() !== undefined) {
        event.preventDefault();
        this.take(this.first() ?? '');
      }
    });
    this.root = element(
      'div',
      { class: 'editor' },
      this.area,
      this.offers,
      element('p', { class: 'fields' }, button('Play', 'play the story (Ctrl-Enter)', play)),
    );
  }

  get text(): string {
    return this.area.value;
  }

  set text(text: string) {
    this.area.value = text;
  }

  /** Puts the caret at a place, counted from 1. */
  goTo(line: number, column: number): void {
    const before = this.text.split('\n').slice(0, line - 1);
    const place = before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
    const details = this.root.closest('details');
    if (details !== null) details.open = true;
    this.area.focus();
    this.area.setSelectionRange(place, place);
  }

  private typed(): string {
    return typedAt(this.text, this.area.selectionStart);
  }

  private first(): string | undefined {
    return wordsFor(this.typed())[0]?.word;
  }

  private offer(): void {
    fill(
      this.offers,
      ...wordsFor(this.typed()).map(({ word, meaning }) => {
        const offered = button(word, meaning, () => this.take(word));
        offered.setAttribute('role', 'option');
        return element('div', {}, offered, element('small', {}, ` ${meaning}`));
      }),
    );
  }

  private take(word: string): void {
    const { selectionStart } = this.area;
    const begin = selectionStart - this.typed().length;
    this.area.setRangeText(word, begin, selectionStart, 'end');
    this.area.focus();
    this.offer();
  }
}
