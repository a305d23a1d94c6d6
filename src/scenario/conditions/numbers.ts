// Conditions about a number of each node: one for all of them, or one for each.
//
// One for all means the highest, as the newest term is that of the cluster.

import * as z from 'zod';
import type { Host } from '../../sim/host.ts';
import type { ConditionContext } from '../interpreter/condition-context.ts';
import { amountText, isAmount, parseAmount } from '../syntax/grammar.ts';
import { amount } from '../syntax/values.ts';
import { eachNode, perNode, unless, type Mismatch } from './condition.ts';

export const within = (wanted: string | number, found: number): boolean => isAmount(parseAmount(wanted), found);

/** Each node under a number: one for all, or a mapping by node. */
export function numbers(what: string, of: (host: Host) => number) {
  return (value: string | number | Record<string, string | number>, context: ConditionContext): Mismatch[] => {
    if (typeof value === 'object') {
      return eachNode(value, context, (host, wanted) => ({
        isSo: within(wanted, of(host)),
        expected: `${what} ${amountText(parseAmount(wanted))}`,
        found: `${what} ${of(host)}`,
      }));
    }
    const most = Math.max(...context.world.hosts.map(of));
    return unless(within(value, most), `${what} ${amountText(parseAmount(value))}`, `${what} ${most}`);
  };
}

export const numbersSchema = z.union([amount, perNode(amount)]);
