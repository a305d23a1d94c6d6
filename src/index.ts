// The front door of the library: plans go in, runs come out.
//
// Everything exported here is public and follows semantic versioning; everything else may change at any time.

export { UsageError } from './base/errors.ts';
export { capabilities, capabilityTable, type Capability } from './protocol/capabilities.ts';
export {
  checkLinearizability,
  type LinearizabilityOptions,
  type LinearizabilityVerdict,
} from './check/linearizability/linearizability.ts';
export { hasAnswer, type Growth, type Model, type TimedCall } from './check/linearizability/model.ts';
export { checkCalls, type CallsOptions, type PartsVerdict } from './check/linearizability/parts.ts';
export { goalNames, goalTable, type GoalName } from './check/goals.ts';
export { type Finding, type Judgement, type Mood, type Property, type PropertyKind } from './check/property.ts';
export { shrinkSeed, type Replay, type ShrinkLimits } from './campaign/replay.ts';
export { drawPlan, planWords, type SwarmInput } from './campaign/swarm.ts';
export { checkHistory, type ClientHistory, type HistoryOptions, type HistoryVerdict } from './history/check-history.ts';
export type { ClientAction, JudgedCall } from './history/call.ts';
export { HistoryError } from './history/event.ts';
export { historyFormats, type HistoryFormat } from './history/formats/names.ts';
export { historyModel } from './history/models/model-table.ts';
export { historyModels, type HistoryModel } from './history/models/names.ts';
export type { HistoryCall, Operation } from './protocol/operation.ts';
export { nodeOptionRows, type NodeOptionsInput } from './run/node-options.ts';
export { makePlan, defaultPlan, type DiskContents, type Length, type Plan, type PlanInput } from './run/plan.ts';
export { propertyNames, propertyTable, type PropertyName } from './run/properties.ts';
export {
  simulate,
  Simulation,
  type BrokenPromise,
  type Committed,
  type Run,
  type RunSummary,
  type SimulateOptions,
  type Verdict,
} from './run/simulate.ts';
export { planOfScenario, readScenario, type Reading, type Scenario, type ScenarioInput } from './scenario/load.ts';
export { playScenario, type Failure, type PlayStatistics, type Played } from './scenario/interpreter/play.ts';
export type { Playing } from './scenario/interpreter/interpreter.ts';
export { ScenarioError, type Problem } from './scenario/syntax/source.ts';
export { boundTable, type BoundName, type Flood } from './sim/bounds.ts';
export { parameterTable, type ParameterName, type Parameters } from './sim/parameters.ts';
export { profileNames, profileTable, type ProfileName } from './sim/faults/profile.ts';
export {
  defineRaft,
  type DefinedRaft,
  type RaftClaims,
  type RaftContext,
  type RaftDefinition,
  type RaftDisk,
  type RaftEntry,
  type RaftOptions,
  type RaftServer,
  type RaftState,
  type RaftWrite,
} from './systems/script/define-raft.ts';
export type { Step, StepKind } from './sim/step.ts';
export { traceJsonSchema } from './trace/json-schema.ts';
export { variantNames, variantTable, type VariantName } from './zoo/variant.ts';
