// The playground: a run from a seed, a bug of the zoo, or a story in an editor, each played in the page.
//
// Stories are read by the language's own reader: its messages are those of the command line, with the nearest right
// word. What is played stands in the address.

import { UsageError } from '../base/errors.ts';
import { makePlan, type PlanInput } from '../run/plan.ts';
import { profileNames } from '../sim/faults/profile.ts';
import type { Playground } from '../view/document.ts';
import { filmOf, type Film } from '../view/film.ts';
import { filmOfStory } from '../view/film-of-story.ts';
import { variantNames } from '../zoo/variant.ts';
import { button, element, fill } from './dom.ts';
import { Editor } from './editor.ts';
import type { Story } from './viewing.ts';

/** Steps that a run in the page may have. */
const STEPS_MAX = 200_000;

interface Shown {
  readonly story: Omit<Story, 'version'>;
  readonly film: Film;
}

type Show = (shown: Shown) => void;
type Take = <Result>(work: Generator<number, Result>) => Promise<Result>;

export class PlaygroundBar {
  readonly root = element('section', { class: 'playground', aria: { label: 'playground' } });
  private readonly offered: Playground;
  private readonly show: Show;
  private readonly take: Take;
  private readonly message = element('pre', { class: 'message', role: 'status' });
  private readonly editor: Editor;
  private readonly stories: HTMLSelectElement;
  private readonly bugs: HTMLSelectElement;
  private readonly seed = element('input', { value: '42', aria: { label: 'seed' } });
  private readonly nodes = element('input', { type: 'number', value: '5', aria: { label: 'servers' } });
  private readonly length = element('input', { type: 'number', value: '3000', aria: { label: 'steps' } });
  private readonly profile: HTMLSelectElement;
  private readonly variant: HTMLSelectElement;

  constructor(offered: Playground, show: Show, take: Take) {
    this.offered = offered;
    this.show = show;
    this.take = take;
    this.editor = new Editor(() => void this.playText());
    const { scenarios, bugs } = offered;
    this.stories = select('a story of the library', ['', ...scenarios.map(({ name }) => name)], () =>
      this.openStory(this.stories.value),
    );
    this.bugs = select('a bug of the zoo', ['', ...bugs.map(({ name }) => name)], () => this.openBug(this.bugs.value));
    this.profile = select('profile of faults', profileNames, () => undefined);
    this.profile.value = 'chaos';
    this.variant = select('rules of the node', ['', ...variantNames], () => undefined);
    this.draw();
  }

  /** Opens what an address names; false if it names nothing. */
  open(fragment: string): boolean {
    const words = new URLSearchParams(fragment.replace(/^#/, ''));
    const [story, bug, text] = [words.get('story'), words.get('bug'), words.get('text')];
    if (text !== null) {
      this.editor.text = text;
      void this.playText();
    } else if (story !== null && this.offered.scenarios.some(({ name }) => name === story)) this.openStory(story);
    else if (bug !== null && this.offered.bugs.some(({ name }) => name === bug)) this.openBug(bug);
    else return false;
    return true;
  }

  private draw(): void {
    const { scenarios, bugs } = this.offered;
    label(this.stories, 'a story…', scenarios.length);
    label(this.bugs, 'a bug of the zoo…', bugs.length);
    label(this.variant, 'the correct node', variantNames.length);
    fill(
      this.root,
      element('p', { class: 'fields' }, element('strong', {}, 'raft-sim playground '), this.stories, this.bugs),
      element(
        'details',
        {},
        element('summary', {}, 'A run of your own'),
        element(
          'p',
          { class: 'fields' },
          'seed ',
          this.seed,
          ' servers ',
          this.nodes,
          ' steps ',
          this.length,
          this.profile,
          this.variant,
          button('Run', 'take the run', () => void this.runDrawn()),
        ),
      ),
      element('details', { id: 'editor' }, element('summary', {}, 'Edit the story'), this.editor.root),
      this.message,
    );
  }

  private openStory(name: string): void {
    const found = this.offered.scenarios.find((one) => one.name === name);
    if (found === undefined) return;
    this.stories.value = name;
    this.editor.text = found.text;
    void this.play(found.text, `story=${encodeURIComponent(name)}`, name);
  }

  private openBug(name: string): void {
    const found = this.offered.bugs.find((one) => one.name === name);
    if (found === undefined) return;
    this.bugs.value = name;
    void this.run(found.plan, `bug=${encodeURIComponent(name)}`, `${name}: ${found.fault}`, found.command);
  }

  private async playText(): Promise<void> {
    const { text } = this.editor;
    await this.play(text, `text=${encodeURIComponent(text)}`, 'story');
  }

  private async play(text: string, address: string, name: string): Promise<void> {
    const played = await this.take(filmOfStory(text, `${name}.yaml`, {}));
    if ('message' in played) {
      this.message.textContent = played.message;
      const [first] = played.places;
      if (first !== undefined) this.editor.goTo(first.line, first.column);
      return;
    }
    const { film, title, why, failure } = played;
    this.message.textContent = failure === undefined ? '' : `Not as the story expects it: ${failure}`;
    this.show({ story: { title, why, command: `raft-sim scenario run ${name}.yaml`, address }, film });
  }

  private async runDrawn(): Promise<void> {
    const { value: variant } = this.variant;
    const steps = Math.min(STEPS_MAX, Number(this.length.value));
    const input: PlanInput = {
      seed: this.seed.value,
      nodes: Number(this.nodes.value),
      profile: this.profile.value,
      variant: variant === '' ? null : variant,
      length: { steps },
    };
    const words = ['--seed', input.seed, '--nodes', input.nodes, '--profile', input.profile, '--steps', steps];
    const command = `raft-sim run ${words.join(' ')}${variant === '' ? '' : ` --variant ${variant}`}`;
    await this.run(input, '', `seed ${input.seed}`, command);
  }

  private async run(input: PlanInput, address: string, title: string, command: string): Promise<void> {
    try {
      const film = await this.take(filmOf(makePlan(input), undefined, STEPS_MAX));
      this.message.textContent = '';
      this.show({ story: { title, why: '', command, address }, film });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.message.textContent = error.message;
    }
  }
}

function select(name: string, words: readonly string[], onchange: () => void): HTMLSelectElement {
  return element(
    'select',
    { aria: { label: name }, onchange },
    ...words.map((word) => element('option', { value: word }, word)),
  );
}

/** The text of the empty choice. */
function label(list: HTMLSelectElement, text: string, count: number): void {
  const [first] = list.options;
  if (first !== undefined && first.value === '') first.textContent = `${text} (${count})`;
}
