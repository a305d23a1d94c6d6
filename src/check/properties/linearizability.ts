// Linearizability (section 8): "each operation appears to execute instantaneously, exactly once, at some point between
// its invocation and its response".
//
// Judged at the end, over the history of all clients; the search is `linearizability.ts`. Of a long run, calls on keys
// that clients have left are judged as soon as no answer can change anything about them. A search that runs out of its
// budget says so. Reads of every path are judged alike; those by lease are left out where leases prove nothing, as
// `lease-validity` then says.

import { withoutRest } from '../../base/rest.ts';
import { clientName } from '../../base/ids.ts';
import { operationText, type HistoryCall } from '../../protocol/operation.ts';
import { searchLinearization } from '../linearizability/linearizability.ts';
import type { World } from '../../sim/world.ts';
import { LeaseDoubt, whyLeasesLie } from '../lease-doubt.ts';
import type { Parameters } from '../../sim/parameters.ts';
import type { Judgement, Property, PropertyFacts } from '../property.ts';

export const linearizabilityFacts = {
  name: 'linearizability',
  kind: 'safety',
  mood: 'eventually',
  needs: ['clients'],
} as const satisfies PropertyFacts;

/** What of a plan decides whether reads by lease are judged. */
export interface LeaseTerms {
  readonly parameters: Parameters;
  readonly node: { readonly lease: boolean };
  readonly scheduler?: string;
}

export function linearizability(world: World, { parameters, node, scheduler }: LeaseTerms): Property {
  const doubt = node.lease ? new LeaseDoubt(world, parameters) : undefined;
  if (doubt !== undefined) doubt.reason = whyLeasesLie(parameters, scheduler);
  const early = new EarlyVerdicts(doubt);
  const judging = (): Generator<undefined, Judgement> => judged(world, early, doubt?.reason !== undefined);
  const watch: Pick<Property, 'fired' | 'stepped'> =
    doubt === undefined
      ? {}
      : {
          fired(host, timer) {
            doubt.fired(host, timer);
            return undefined;
          },
          stepped(host) {
            doubt.stepped(host);
            return undefined;
          },
        };
  return {
    ...watch, // set-up only: nothing is looked at where there are no leases
    name: linearizabilityFacts.name,
    mood: linearizabilityFacts.mood,
    begin({ sessions }) {
      sessions.settled = (calls) => early.judge(calls);
    },
    finish: () => withoutRest(judging()),
    finishing: judging,
  };
}

const isByLease = ({ operation }: HistoryCall): boolean => operation.kind === 'read' && operation.path === 'lease';

/** What was found of calls that are settled, and forgotten since. */
class EarlyVerdicts {
  private readonly doubt: LeaseDoubt | undefined;
  /** The first failure; the first one that reads by lease alone make, which says nothing if leases turn out to lie. */
  failed: Judgement | undefined = undefined;
  failedByLease: Judgement | undefined = undefined;
  undecided: Judgement | undefined = undefined;

  constructor(doubt: LeaseDoubt | undefined) {
    this.doubt = doubt;
  }

  judge(calls: readonly HistoryCall[]): void {
    const found = withoutRest(judgedCalls(this.doubt?.reason === undefined ? calls : withoutLeases(calls)));
    if (found.outcome === 'unknown') this.undecided ??= found;
    if (found.outcome !== 'fail') return;
    const isTrue = this.doubt === undefined || withoutRest(judgedCalls(withoutLeases(calls))).outcome === 'fail';
    if (isTrue) this.failed ??= found;
    else this.failedByLease ??= found;
  }
}

const withoutLeases = (calls: readonly HistoryCall[]): readonly HistoryCall[] =>
  calls.filter((call) => !isByLease(call));

function* judged(world: World, early: EarlyVerdicts, areDoubtful: boolean): Generator<undefined, Judgement> {
  const { sessions } = world;
  const all = sessions.history();
  const late = yield* judgedCalls(areDoubtful ? withoutLeases(all) : all);
  const failed = early.failed ?? (areDoubtful ? undefined : early.failedByLease);
  if (failed !== undefined || late.outcome === 'fail') return failed ?? late;
  if (sessions.takenUpAgain === undefined) return early.undecided ?? late;
  const why = `calls on ${sessions.takenUpAgain} went on after those before had been judged`;
  return { outcome: 'unknown', why };
}

function* judgedCalls(calls: readonly HistoryCall[]): Generator<undefined, Judgement> {
  const verdict = yield* searchLinearization(calls);
  switch (verdict.outcome) {
    case 'pass':
      return { outcome: 'pass', why: '' };
    case 'unknown':
      return { outcome: 'unknown', why: verdict.why };
    case 'fail':
      return { outcome: 'fail', why: `${verdict.why}\n${verdict.calls.map(callText).join('\n')}` };
  }
}

/** One call of the violating part, with the steps between which it must have taken effect. */
function callText(call: HistoryCall): string {
  const asked = `${clientName(call.client)} ${operationText(call.operation)}`;
  if (call.completedAt < 0) return `  steps ${call.invokedAt}…?  ${asked}  no answer`;
  const answer = call.result === '' ? 'nothing' : shortened(call.result);
  return `  steps ${call.invokedAt}…${call.completedAt}  ${asked}  → ${answer}`;
}

/** Appended values grow long; their ends tell them apart. */
const shortened = (text: string): string => (text.length <= TEXT_MAX ? text : `…${text.slice(-TEXT_MAX)}`);

const TEXT_MAX = 40;
