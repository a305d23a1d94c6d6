import { test } from 'vitest';
import { checkLinearizability } from '/work/main/src/check/linearizability.ts';
import { apply } from '/work/main/src/check/key-value-model.ts';
import { Random } from '/work/main/src/base/random.ts';
import type { HistoryCall, Operation } from '/work/main/src/base/operation.ts';
import { clientId } from '/work/main/src/base/ids.ts';

function generate(seed: string, calls: number, keys: number, clients: number, unknownPpm: number, mix: string[], distinct: boolean): HistoryCall[] {
  const r = Random.fromSeed(seed);
  const states = new Map<string, string>();
  const out: any[] = [];
  const busy: (any | undefined)[] = Array(clients).fill(undefined);
  let now = 0, made = 0;
  const seq = Array(clients).fill(0);
  const late: any[] = [];
  while (made < calls) {
    now++;
    const c = r.below(clients);
    const b = busy[c];
    if (late.length && r.chance(20000)) { const l = late.shift(); const s = states.get(l.operation.key) ?? ''; states.set(l.operation.key, apply(s, l.operation).state); }
    if (!b) {
      const key = 'k' + r.below(keys);
      const kind = mix[r.below(mix.length)];
      const value = distinct ? String(made) + ';' : String(r.below(5));
      const operation: any = kind === 'cas' ? { kind, key, expected: states.get(key) ?? '', value } : kind === 'add' ? { kind, key, amount: 1 + r.below(3) } : kind === 'get' ? { kind, key } : { kind, key, value };
      const call: any = { client: clientId(c), sequence: ++seq[c], operation, invokedAt: now, completedAt: -1, result: '' };
      out.push(call); made++;
      busy[c] = { call, done: false };
    } else if (!b.done) {
      if (r.chance(unknownPpm)) { if (r.chance(500000)) late.push(b.call); busy[c] = undefined; continue; }
      const s = states.get(b.call.operation.key) ?? '';
      const o = apply(s, b.call.operation); states.set(b.call.operation.key, o.state); b.result = o.result; b.done = true;
    } else { b.call.completedAt = now; b.call.result = b.result; busy[c] = undefined; }
  }
  return out;
}
function time(name: string, h: HistoryCall[], options = {}) {
  const t = cpu();
  const v = checkLinearizability(h, options);
  const ms = cpu() - t;
  console.log(name, h.length, ms.toFixed(0) + 'ms', v.outcome, v.outcome === 'fail' ? v.calls.length + ' ' + v.why : v.outcome === 'unknown' ? v.why : '', 'heap', (process.memoryUsage().heapUsed / 1e6).toFixed(0));
}
const all = ['get', 'get', 'put', 'append', 'cas', 'add'];
import { operationText } from '/work/main/src/base/operation.ts';
test('x', () => {
  for (const n of [60,120]) for (const u of [0, 100000]) for (const [mix, d] of [[['get','put'],false],[['get','put'],true],[['get','append'],true],[['get','add'],false],[['get', 'put', 'cas'], false],[all, true], [all, false],] as const) {
    const sizes: string[] = []; let ms = 0; let worst = 0;
    for (let seed = 0; seed < 12; seed++) {
      const h = generate('s' + seed, n, 1, 6, u, [...mix], d);
      const gets = h.filter((c) => c.operation.kind !== 'put' && c.completedAt > 0);
      const bad = gets[gets.length - 3]!;
      const old = gets[gets.length >> 1]!;
      const g = h.map((c) => (c === bad ? { ...c, operation: {kind: 'get', key: c.operation.key} as const, result: old.operation.kind === 'cas' ? old.operation.expected : old.result } : c));
      const t = cpu();
      const v = checkLinearizability(g);
      const took = cpu() - t; ms += took; worst = Math.max(worst, took);
      sizes.push(v.outcome === 'fail' ? String(v.calls.length) : v.outcome);
      
    }
    console.log(`${n} u${u} ${mix} ${d}: avg ${(ms/12).toFixed(1)}ms worst ${worst.toFixed(0)}ms, ${sizes.join(' ')}`);
  }
}, 600000);
function cpu(): number { const u = process.cpuUsage(); return (u.user + u.system) / 1000; }
