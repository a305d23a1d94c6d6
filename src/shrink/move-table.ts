// What the shrinker makes of each kind of step: the table from which the moves follow.
//
// A kind without a row does not compile. Most new kinds are plain: a step of one server, taken over as it is, told by
// the facts in its row. A kind of its own form is spelled out in `moves.ts`, `schedule.ts`, `trial.ts`, `explain.ts`
// and `render.ts`, where the compiler asks for it.

import type { Micros, NodeId } from '../base/ids.ts';
import { stepKinds, type Step, type StepKind, type StepOf } from '../sim/step.ts';
import { stateText, type Transition } from './transition.ts';

/** A step without its time. */
type FieldsOf<Kind extends StepKind> = Omit<StepOf<Kind>, 'kind' | 'at'>;

interface Plain<Kind extends StepKind> {
  /** What its server did or what became of it: the end of a sentence that begins with its name. */
  facts(fields: FieldsOf<Kind>, seen: Transition): string[];
}

/**
 * `when`: it decides only when others come, and the order of the moves says that. `own`: its moves have a form of
 * their own.
 */
type MoveRow<Kind extends StepKind> = 'when' | 'own' | (StepOf<Kind> extends { node: NodeId } ? Plain<Kind> : never);

export const moveTable = {
  deliver: 'own',
  drop: 'when',
  duplicate: 'own',
  timer: 'own',
  durable: 'own',
  'write-failed': 'own',
  crash: 'own',
  wipe: { facts: () => ['loses its disk'] },
  restart: { facts: (_fields, { after }) => [`restarts ${stateText(after)}`] },
  pause: 'when',
  resume: 'when',
  cut: 'when',
  heal: 'when',
  slow: 'when',
  mend: 'when',
  clock: 'when',
  calm: 'when',
  call: 'own',
  answer: 'own',
} as const satisfies { readonly [Kind in StepKind]: MoveRow<Kind> };

type KindWith<Row> = { [Kind in StepKind]: (typeof moveTable)[Kind] extends Row ? Kind : never }[StepKind];

export type PlainKind = Exclude<StepKind, KindWith<'when' | 'own'>>;
/** A step that can change a server or a client. */
export type MovingStep = StepOf<Exclude<StepKind, KindWith<'when'>>>;

/** `id` tells the moves of one search apart. */
export type PlainMove = {
  readonly [Kind in PlainKind]: { readonly act: Kind; readonly id: number } & FieldsOf<Kind>;
}[PlainKind];

export const plainKinds: readonly PlainKind[] = stepKinds.filter(
  (kind): kind is PlainKind => typeof moveTable[kind] === 'object',
);

/** Whether a step is more than a moment at which others come. */
export const isMoving = (step: Step): step is MovingStep => moveTable[step.kind] !== 'when';

export function plainMove({ kind, at: _at, ...fields }: StepOf<PlainKind>, id: number): PlainMove {
  return { act: kind, id, ...fields };
}

export function plainStep({ act, id: _id, ...fields }: PlainMove, at: Micros): StepOf<PlainKind> {
  return { kind: act, at, ...fields };
}

export function plainFacts(move: PlainMove, seen: Transition): string[] {
  const row: Plain<PlainKind> = moveTable[move.act];
  return row.facts(move, seen);
}
