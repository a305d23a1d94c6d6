// The numbers that Raft counts with, branded so that a term can never be passed for an index.
//
// Brands cost nothing at run time. They are minted here and nowhere else.

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A term (section 5.1): 0 before the first election. */
export type Term = Brand<number, 'Term'>;
/** A position in a log (section 5.3): 1 is the first entry, 0 the place before it. */
export type LogIndex = Brand<number, 'LogIndex'>;
/** A server: dense from 0, printed from n1. */
export type NodeId = Brand<number, 'NodeId'>;
/** A client session: dense from 0, printed from c1. */
export type ClientId = Brand<number, 'ClientId'>;
/** Virtual time in microseconds since the start of the world. */
export type Micros = Brand<number, 'Micros'>;

export const term = (n: number): Term => n as Term;
export const logIndex = (n: number): LogIndex => n as LogIndex;
export const nodeId = (n: number): NodeId => n as NodeId;
export const clientId = (n: number): ClientId => n as ClientId;
export const nextTerm = (t: Term): Term => term(t + 1);
export const micros = (n: number): Micros => n as Micros;

/** The place of a vote that was not given. */
export const NOBODY: NodeId = nodeId(-1);

export const nodeName = (id: NodeId): string => (id === NOBODY ? 'nobody' : `n${id + 1}`);
export const clientName = (id: ClientId): string => `c${id + 1}`;

/** Virtual time as `mm:ss.uuuuuu`, hours in front when there are any. */
export function clockText(at: Micros): string {
  const seconds = Math.floor(at / 1_000_000);
  const fraction = String(at % 1_000_000).padStart(6, '0');
  const hours = Math.floor(seconds / 3600);
  const mm = String(Math.floor(seconds / 60) % 60).padStart(2, '0');
  const ss = String(seconds % 60).padStart(2, '0');
  return `${hours > 0 ? `${hours}:` : ''}${mm}:${ss}.${fraction}`;
}
