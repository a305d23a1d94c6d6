// Texts as XML takes them.
//
// XML 1.0 has no way to write most control characters: they become U+FFFD. Line ends and tabs in attributes are written
// as references, or a reader would turn them into spaces.

const NOT_IN_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

const clean = (text: string): string => text.replace(NOT_IN_XML, '\ufffd');
const entity = (found: string): string => ENTITIES[found] ?? found;
const attribute = (text: string): string => clean(text).replace(/[&<>"\t\n\r]/g, entity);
/** A text between two tags. */
export const content = (text: string): string => clean(text).replace(/[&<>\r]/g, entity);

/** ` name="value"` for each. */
export function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${attribute(String(value))}"`)
    .join('');
}
