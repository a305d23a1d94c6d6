// The data of a page: what stands in its block of JSON, and the trace, inflated where it was deflated.
//
// A page whose data is damaged says so; nothing is fetched.

import type { PageData } from '../view/document.ts';

export function readPageData(): PageData {
  const block = document.getElementById('data');
  return JSON.parse(block?.textContent ?? '') as PageData;
}

/** The text of the trace. */
export async function traceText(trace: PageData['trace']): Promise<string> {
  if ('text' in trace) return trace.text;
  const bytes = Uint8Array.from(atob(trace.deflated), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).text();
}
