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
test('perf', () => {
  for (let i = 0; i < 2; i++) time('300k/4000 keys gp', generate('a', 300000, 4000, 10, 0, ['get', 'put', 'get', 'cas'], false));
  time('300k/4000 keys all', generate('a', 300000, 4000, 10, 0, all, false));
  time('300k/4000 keys all 2% unknown', generate('a', 300000, 4000, 10, 20000, all, false));
  time('300k/4000 keys all 10% unknown', generate('a', 300000, 4000, 10, 100000, all, false));
  time('300k/4000 get/put 10% unknown', generate('a', 300000, 4000, 10, 100000, ['get', 'put'], false));
  time('300k/4000 get/append distinct 10% unknown', generate('a', 300000, 4000, 10, 100000, ['get', 'append'], true));
  time('300k/4000 add/get 10% unknown', generate('a', 300000, 4000, 10, 100000, ['get', 'add'], true));
  time('300k/10 keys ', generate('a', 300000, 10, 10, 0, ['get', 'put', 'cas'], false));
  for (const u of [0, 10000, 30000]) for (const mix of [['get', 'put'], ['get', 'append'], ['get', 'add'], ['get', 'put', 'cas'], all]) for (const d of [true, false]) {
    const h = generate('b', 5000, 1, 3, u, mix, d);
    time(`5000/1 key, unknown ${u} ${mix} distinct ${d}`, h);
    const gets = h.filter((c) => c.operation.kind === 'get' && c.completedAt > 0);
    const bad = gets[gets.length - 3]!;
    time(`   corrupted`, h.map((c) => (c === bad ? { ...c, result: c.result + '1' } : c)));
    const old = gets[gets.length - 300]!;
    time(`   stale`, h.map((c) => (c === bad ? { ...c, result: old.result } : c)));
  }
}, 600000);
function cpu(): number { const u = process.cpuUsage(); return (u.user + u.system) / 1000; }
