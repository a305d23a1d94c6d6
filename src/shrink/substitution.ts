// Substitutions: passes that put something in the place of something else, for schedules that are short already.
//
// No single move can be left out of them, and still another way to the same failure may be shorter: two moves at a
// time, a server in another's role, one move that saves several, a crash in the middle of a step, a shorter ending.

import { nodeId, type NodeId } from '../base/ids.ts';
import { relatives } from './canonical.ts';
import { candidateOf } from './candidate.ts';
import { moveText, processOf, renamed, type Move } from './moves.ts';
import { optionsAt, type Outlook } from './options.ts';
import type { Environment } from './environment.ts';
import type { Pass, Search } from './search.ts';

/** In longer schedules only pairs of moves are tried. */
const SHORT = 40;
/** Longer schedules are only reduced. */
const MIDDLING = 120;

/** Every substitution, until one of them helps. */
export function* substitute(search: Search): Pass {
  const before = search.best;
  const { length } = before.moves;
  if (length > MIDDLING) return;
  const passes = length > SHORT ? [fewerByTwo] : [fewerByTwo, crashesInStep, otherRoles, detours, shortcuts];
  for (const pass of passes) {
    search.forget();
    yield* pass(search);
    if (search.best !== before || search.isOver) return;
  }
}

function* fewerByTwo(search: Search): Pass {
  const { moves } = search.best;
  for (let i = 0; i < moves.length; i++) {
    for (let j = i + 1; j < moves.length; j++) {
      const isShorter = search.try(moves.filter((_, place) => place !== i && place !== j));
      yield;
      if (isShorter || search.isOver) return;
    }
  }
}

/** No step has more effects before the crash that decides something. */
const EFFECTS_MAX = 4;

/** A crash between two effects of a step, in place of a crash that loses what was written by hand. */
function* crashesInStep(search: Search): Pass {
  const { moves, environment } = search.best;
  const plainer: Environment = {
    ...environment,
    byHand: { writes: false, answers: false, drops: false, crashes: false },
  };
  for (let i = 0; i < moves.length; i++) {
    const move = moves[i] as Move;
    const process = processOf(move);
    const rest = moves.slice(i + 1);
    const crash = rest.findIndex((next) => next.act === 'crash' && next.node === process);
    const isCutShort = 'effects' in move && move.effects !== undefined;
    if (!isCutShort && crash < 0) continue;
    if (!('origin' in move) && move.act !== 'timer' && move.act !== 'call' && move.act !== 'transfer') continue;
    const after = rest.filter((one, place) => place !== crash && one.act !== 'durable' && one.act !== 'answer');
    const before = moves.slice(0, i).filter((one) => one.act !== 'durable' && one.act !== 'answer');
    for (let effects = 0; effects <= EFFECTS_MAX; effects++) {
      for (const ending of [after, withSecondTimeout(after, process, search)]) {
        const isBetter = yield* tryAround(search, [...before, { ...move, effects }, ...ending], {
          environment: plainer,
        });
        if (isBetter) return;
      }
    }
  }
}

/** A server that has lost the term it was in needs one timeout more to come to the same. */
function withSecondTimeout(moves: readonly Move[], node: NodeId | undefined, search: Search): readonly Move[] {
  const at = moves.findIndex((move) => move.act === 'timer' && move.timer === 'election' && move.node === node);
  const timeout = moves[at];
  return timeout === undefined ? moves : moves.toSpliced(at, 0, { ...timeout, id: search.id() });
}

/** What follows from a move, with two servers in each other's place; or that without one of its moves. */
function* otherRoles(search: Search): Pass {
  const { moves, environment } = search.best;
  const { nodes } = environment.plan;
  for (let root = 0; root < moves.length && !search.isOver; root++) {
    const following = relatives(moves, root);
    const isOther = (_move: Move, place: number): boolean => following.has(place);
    for (let a = 0; a < nodes; a++) {
      for (let b = a + 1; b < nodes; b++) {
        const nameOf = (node: NodeId): NodeId => (node === a ? nodeId(b) : node === b ? nodeId(a) : node);
        const inPlace = moves.map((move, place) => (following.has(place) ? renamed(move, nameOf) : move));
        const atEnd = [...inPlace.filter((_, place) => !following.has(place)), ...inPlace.filter(isOther)];
        for (const order of [inPlace, atEnd]) {
          for (let left = order.length; left >= 0; left--) {
            const isBetter = yield* tryAround(
              search,
              order.filter((_, place) => place !== left),
            );
            if (isBetter) return;
          }
        }
      }
    }
  }
}

/** One other move somewhere, if it makes more than one of the others needless. */
function* detours(search: Search): Pass {
  const { moves } = search.best;
  for (let at = 0; at < moves.length && !search.isOver; at++) {
    const before = moves.slice(0, at);
    for (const option of usualOptions(search, before).options) {
      const isBetter = yield* tryAround(search, [...before, option, ...moves.slice(at)], { kept: option.id });
      if (isBetter) return;
    }
  }
}

const DEPTH_MAX = 3;
/** How many detours of several moves are tried behind one beginning. */
const DETOURS_MAX = 500;

/** A few other moves in the place of more that follow each other, or of the whole ending. */
function* shortcuts(search: Search): Pass {
  const { moves } = search.best;
  for (let at = moves.length - 2; at >= 0; at--) {
    const isBetter = yield* shortcutsAt(search, at);
    if (isBetter || search.isOver) return;
  }
}

function usualOptions(search: Search, before: readonly Move[]): Outlook {
  const { broken, options } = optionsAt(search.best.environment, before, search);
  return { broken, options: movesFor(search, options) };
}

/** What the best schedule has nothing of is no way to a shorter one, as far as faults go. */
export function movesFor({ best: { moves } }: Search, options: readonly Move[]): Move[] {
  const hasCopies = moves.some(({ act }) => act === 'duplicate');
  const hasCrashes = moves.some(({ act }) => act === 'crash' || act === 'restart');
  const isUsual = ({ act }: Move): boolean => (act === 'duplicate' ? hasCopies : act !== 'crash' || hasCrashes);
  return options.filter(isUsual);
}

/** Breadth first: one other move, then two. */
function* shortcutsAt(search: Search, at: number): Pass<boolean> {
  const { moves } = search.best;
  const beginning = moves.slice(0, at);
  let tries = 0;
  let round: (readonly Move[])[] = [[]];
  for (let depth = 0; depth <= DEPTH_MAX; depth++) {
    const next: (readonly Move[])[] = [];
    for (const others of round) {
      if (++tries > DETOURS_MAX || search.isOver) return false;
      search.replays++;
      const { broken, options } = usualOptions(search, [...beginning, ...others]);
      yield;
      for (let to = moves.length; to > at + depth; to--) {
        if (search.try([...beginning, ...others, ...moves.slice(to)])) return true;
        yield;
      }
      if (broken !== undefined) continue;
      const last = others.at(-1);
      for (const option of options) {
        if (last === undefined || !isSwap(last, option)) next.push([...others, option]);
      }
    }
    round = next;
  }
  return false;
}

/** Whether two moves could as well come the other way round, and are to: one of the two orders is enough. */
function isSwap(first: Move, second: Move): boolean {
  const [a, b] = [processOf(first), processOf(second)];
  if (a === undefined || b === undefined || a === b) return false;
  if ('origin' in second && second.origin === first.id) return false;
  return moveText(second) < moveText(first);
}

interface Around {
  readonly environment?: Environment;
  /** The move that must not be taken out. */
  readonly kept?: number;
}

/** A candidate that need not be better at once: what it makes needless is taken out first. */
function* tryAround(search: Search, moves: readonly Move[], around: Around = {}): Pass<boolean> {
  const { environment = search.best.environment, kept } = around;
  let result = search.trial(moves, environment);
  yield;
  if (result === undefined) return false;
  for (const { id } of result.moves.toReversed()) {
    if (id === kept) continue;
    const without: readonly Move[] = result.moves.filter((move) => move.id !== id);
    if (without.length === result.moves.length) continue;
    const shorter = search.trial(without, environment);
    yield;
    if (shorter !== undefined) result = shorter;
  }
  return search.offer(candidateOf(environment, result));
}
