// Scenarios from a few lines: read and played as `raft-sim scenario run` does.

import { nearest } from '../../src/run/nearest.ts';
import { planOfScenario, readScenario, type Scenario, type ScenarioInput } from '../../src/scenario/load.ts';
import type { Playing } from '../../src/scenario/interpreter/interpreter.ts';
import { playScenario, type Played } from '../../src/scenario/interpreter/play.ts';

export const readStory = (text: string, file = 'story.yaml'): Scenario => readScenario(text, { file, nearest });

export function play(text: string, input: ScenarioInput = {}, playing: Playing = {}): Played {
  const scenario = readStory(text);
  return playScenario(scenario, planOfScenario(scenario, input), playing);
}

interface Outline {
  readonly nodes: number;
  /** Options of the node. */
  readonly node?: Readonly<Record<string, unknown>>;
  readonly byHand?: readonly string[];
  /** Lines of YAML, each a step or several. */
  readonly steps: readonly string[];
  readonly rest?: string;
}

export function story({ nodes, node = {}, byHand = [], steps, rest = '' }: Outline): string {
  const lines = steps.flatMap((step) => step.split('\n')).filter((line) => line !== '');
  const cluster = `cluster: { nodes: ${nodes}, node: ${JSON.stringify(node)}, byHand: [${byHand.join(', ')}] }`;
  const told = lines.map((line) => `  ${line}`).join('\n');
  return `name: a story\nwhy: for a test of the language\n${cluster}\n${rest}\nsteps:\n${told}\n`;
}
