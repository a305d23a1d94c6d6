// How a step is taken by hand: whether it is possible now, and what it then does to the world.
//
// Time decides in the timed scheduler; here the step itself does. A step that is not possible changes nothing.

import { nodeName } from '../../base/ids.ts';
import type { Message } from '../../protocol/message.ts';
import type { Host } from '../host.ts';
import type { Answer } from '../process.ts';
import type { StepKind, StepOf } from '../step.ts';
import type { World } from '../world.ts';

/** A message that was sent and neither delivered nor dropped. */
export interface OnItsWay {
  readonly message: Message;
  /** Its number on its link. */
  readonly number: number;
  /** Counts all messages in the order in which they were sent. */
  readonly sequence: number;
  copies: number;
}

/** The world with what is on its way in it, by number. */
export interface StepContext {
  readonly world: World;
  find(link: number, number: number): OnItsWay | undefined;
  /** Takes a message, or one copy of it, off its way. */
  takeMessage(link: number, number: number): boolean;
  findAnswer(client: number, number: number): Answer | undefined;
  takeAnswer(client: number, number: number): boolean;
}

export interface StepAction<Kind extends StepKind> {
  /** Why the step cannot be taken now; undefined if it can. */
  whyNot(context: StepContext, step: StepOf<Kind>): string | undefined;
  /** Takes a step that is possible. */
  take(context: StepContext, step: StepOf<Kind>): void;
}

/** The actions of some kinds. */
export type StepActions<Kinds extends StepKind> = { readonly [Kind in Kinds]: StepAction<Kind> };

export const always = (): undefined => undefined;

export const notUp = ({ id, status }: Host): string | undefined =>
  status === 'up' ? undefined : `${nodeName(id)} is ${status}`;

/** The process crashes in the middle of the step that begins now. */
export function crashAfter(host: Host, effects: number | undefined): void {
  if (effects !== undefined) host.crashAfterEffects = effects;
}
