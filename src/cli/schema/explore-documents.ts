// The document of a search of all schedules: what `explore` prints with `--json`.
//
// Each schema stands for what the command prints; a test holds every key of both against each other.

import { propertyNames } from '../../run/properties.ts';
import * as words from './json-schema.ts';
import { variant } from './parts.ts';

const { about, arrayOf, constant, enumOf, flag, natural, nullable, object, position, text, texts } = words;

const bound = object({
  nodes: position,
  terms: position,
  calls: natural,
  messages: position,
  duplicates: natural,
  crashes: natural,
  snapshots: natural,
  change: about(nullable(text), 'What a leader is asked to make of the members.'),
  isFair: about(flag, 'From every state a fair schedule has to commit.'),
});

export const exploreSchema: words.JsonSchema = object({
  schema: constant('raft-sim/explore@1'),
  version: text,
  bound,
  variant,
  outcome: enumOf('clean', 'broken', 'stopped'),
  why: about(text, 'What was not enough, if it was stopped.'),
  depth: natural,
  states: natural,
  steps: natural,
  servers: about(natural, 'States of single servers.'),
  messages: about(natural, 'Messages that differ.'),
  realMillis: natural,
  bytes: natural,
  namesMatter: about(texts, 'Fields of servers for which states that may differ by names alone were entered each.'),
  beyondTerms: about(natural, 'Elections beyond the last term of the bound, which were not looked at.'),
  beyondSnapshots: about(natural, 'Snapshots that were not finished, because the bound has no more.'),
  fair: about(natural, 'Clusters from which a fair schedule was tried; 0 without --liveness.'),
  suspected: about(natural, 'How many of them it did not help: the simulator says that time does, or nobody looked.'),
  lateVotes: about(natural, 'Votes told of in a term that their server had left, which were not judged.'),
  lost: about(natural, 'Messages lost because the bound was full.'),
  notJudged: about(arrayOf(enumOf(...propertyNames)), 'Promises that need time, clients or options of the node.'),
  property: nullable(enumOf(...propertyNames)),
  facts: nullable(text),
  length: about(nullable(natural), 'Steps of the shortest schedule that breaks it.'),
  file: nullable(text),
});
