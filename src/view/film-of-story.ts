// A scenario, read and played, as a film; what is wrong with it, with its place in the text.
//
// The story is played once, and its steps are taken again as a script, so that a page shows the same run as
// `raft-sim scenario run` does.

import { UsageError } from '../base/errors.ts';
import { nearest } from '../run/nearest.ts';
import { playScenario, type Failure } from '../scenario/interpreter/play.ts';
import { planOfScenario, readScenario, type ScenarioInput } from '../scenario/load.ts';
import { ScenarioError } from '../scenario/syntax/source.ts';
import { TraceRecorder } from '../trace/recorder.ts';
import { filmOf, type Film } from './film.ts';

export interface StoryFilm {
  readonly film: Film;
  readonly title: string;
  readonly why: string;
  /** What is not as the story expects it, with its place; undefined if it passed. */
  readonly failure: string | undefined;
}

/** What is wrong with a story that cannot be played. */
export interface StoryMistakes {
  readonly message: string;
  /** The places of its mistakes, from 1. */
  readonly places: readonly { readonly line: number; readonly column: number }[];
}

/** Plays a text; a generator, since a long story takes its time. */
export function* filmOfStory(
  text: string,
  file: string,
  input: ScenarioInput,
): Generator<number, StoryFilm | StoryMistakes> {
  try {
    const scenario = readScenario(text, { file, nearest });
    const plan = planOfScenario(scenario, input);
    const recorder = new TraceRecorder({ lines: false });
    const { failure } = playScenario(scenario, plan, { recorder });
    const script = recorder.drain().map(({ data }) => data);
    const film = yield* filmOf(plan, script, script.length);
    const { name: title, why } = scenario.raw;
    const place = failure === undefined ? undefined : scenario.source.where(failure.path);
    return {
      film,
      title,
      why,
      failure: failure === undefined ? undefined : `${place ?? file}: ${failureText(failure)}`,
    };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const problems = error instanceof ScenarioError ? error.problems : [];
    return { message: error.message, places: problems.map(({ line, column }) => ({ line, column })) };
  }
}

const failureText = ({ expected, found }: Failure): string => `expected ${expected}, found ${found}`;
