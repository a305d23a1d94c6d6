// Elements from names, properties and children. Texts become text, never markup.
//
// No framework: a page has a few hundred elements, and each panel makes its own anew when what it shows has changed.

type Child = Node | string | undefined | false;

interface Properties {
  readonly class?: string;
  readonly id?: string;
  readonly title?: string;
  readonly type?: string;
  readonly role?: string;
  readonly tabIndex?: number;
  readonly disabled?: boolean;
  readonly value?: string;
  readonly placeholder?: string;
  readonly href?: string;
  readonly open?: boolean;
  readonly onclick?: (event: MouseEvent) => void;
  readonly oninput?: (event: Event) => void;
  readonly onchange?: (event: Event) => void;
  /** Attributes that begin with `aria-`, by the rest of their name. */
  readonly aria?: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, string>>;
}

/** An element; what is undefined or false among its children is left out. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  const { class: className, aria = {}, data = {}, role, ...rest } = properties;
  if (className !== undefined) made.className = className;
  if (role !== undefined) made.setAttribute('role', role);
  for (const [key, value] of Object.entries(aria)) made.setAttribute(`aria-${key}`, value);
  for (const [key, value] of Object.entries(data)) made.dataset[key] = value;
  Object.assign(made, rest);
  append(made, children);
  return made;
}

function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) if (child !== undefined && child !== false) parent.append(child);
}

/** Puts other children in the place of those that are there. */
export function fill(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

export const button = (text: string, title: string, onclick: () => void): HTMLButtonElement =>
  element('button', { type: 'button', title, onclick }, text);

/** A button that is on or off. */
export function toggle(text: string, title: string, isOn: boolean, onclick: () => void): HTMLButtonElement {
  return element('button', { type: 'button', title, onclick, aria: { pressed: String(isOn) } }, text);
}

/** Gives a text to the reader as a file. */
export function download(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = element('a', { href: url });
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
