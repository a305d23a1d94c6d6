// Steps of links: cut and healed, slow and mended, and the end of all faults.
//
// Each fault of links has a number of its own, under which it ends.

import type { StepOf } from '../step.ts';
import { always, type StepActions, type StepContext } from './action.ts';

type LinkKind = 'cut' | 'heal' | 'slow' | 'mend' | 'calm';

const isBegun = ({ world: { network } }: StepContext, { fault }: StepOf<'cut' | 'slow'>): string | undefined =>
  network.isCutFault(fault) === undefined ? undefined : `fault ${fault} is not over yet`;

const isOver = ({ world: { network } }: StepContext, { kind, fault }: StepOf<'heal' | 'mend'>): string | undefined =>
  network.isCutFault(fault) === (kind === 'heal') ? undefined : `there is no fault ${fault} to ${kind}`;

export const linkSteps: StepActions<LinkKind> = {
  cut: { whyNot: isBegun, take: ({ world }, { fault, shape, links }) => world.cut(fault, shape, links) },
  heal: { whyNot: isOver, take: ({ world }, { fault }) => world.heal(fault) },
  slow: { whyNot: isBegun, take: ({ world }, { fault, factor, links }) => world.slow(fault, factor, links) },
  mend: { whyNot: isOver, take: ({ world }, { fault }) => world.restore(fault) },
  calm: { whyNot: always, take: ({ world }) => world.calm() },
};
