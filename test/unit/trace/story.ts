// One short run in which a step of every kind happens: a real world with three real nodes, moved by hand.

import { clientId, logIndex, nodeId, term } from '../../../src/base/ids.ts';
import type { Recorder } from '../../../src/sim/observer.ts';
import { Hand } from './hand.ts';

const [n1, n2, n3] = [nodeId(0), nodeId(1), nodeId(2)];
const [c1, c2] = [clientId(0), clientId(1)];

export function tellStory(recorder: Recorder | undefined): Hand {
  const hand = new Hand(3, recorder);
  const { world } = hand;

  // n1 is elected, although the first request to n3 is lost.
  hand.wait(151_204);
  hand.election(1);
  hand.sync(1);
  const lost = hand.take(1, 3, 'RequestVote');
  world.drop(lost.number, lost.message, 'lost');
  hand.wait(3_100);
  hand.deliver(1, 2, 'RequestVote');
  hand.sync(2);
  hand.deliver(2, 1, 'RequestVoteReply');
  hand.wait(2_017);
  hand.settle();

  // A call: refused by a follower, taken by the leader, answered.
  hand.wait(20_000);
  hand.call(c1, 1, 2, { kind: 'put', key: 'k1', value: '1.1' });
  hand.answer();
  hand.call(c1, 1, 1, { kind: 'put', key: 'k1', value: '1.1' });
  hand.sync(1);
  const twice = hand.take(1, 2, 'AppendEntries', true);
  world.duplicate(twice.number, twice.message);
  hand.deliver(1, 2, 'AppendEntries');
  hand.wait(900);
  hand.sync(2);
  hand.deliver(2, 1, 'AppendEntriesReply');
  hand.answer();
  hand.settle();

  // n1 is cut off and goes on taking calls that nobody else will ever see.
  hand.wait(30_000);
  world.cut(1, 'isolate', [
    [n1, n2],
    [n1, n3],
    [n2, n1],
    [n3, n1],
  ]);
  world.slow(2, 10, [[n2, n3]]);
  hand.call(c1, 2, 1, { kind: 'append', key: 'k1', value: 'x' });
  hand.call(c2, 1, 1, { kind: 'cas', key: 'k2', expected: '', value: 'y' });
  for (const to of [2, 3]) {
    const cut = hand.take(1, to, 'AppendEntries');
    world.drop(cut.number, cut.message, 'cut');
  }
  hand.forget();
  world.setClock(hand.host(2), 150_000, -2_500);
  hand.wait(140_000);
  hand.election(2);
  hand.forget();
  hand.sync(2);
  hand.deliver(2, 3, 'RequestVote');
  hand.sync(3);
  hand.deliver(3, 2, 'RequestVoteReply');
  hand.call(c1, 2, 2, { kind: 'append', key: 'k1', value: 'x' });
  hand.sync(2);
  hand.deliver(2, 3, 'AppendEntries');
  world.restore(2);
  world.pause(hand.host(3));
  hand.wait(1_000);
  world.resume(hand.host(3));

  // A power loss takes what n1 had not synced; it comes back and follows the new leader.
  world.crash(hand.host(1), 1, true);
  hand.call(c2, 1, 1, { kind: 'cas', key: 'k2', expected: '', value: 'y' });
  world.heal(1);
  hand.wait(400_000);
  world.restart(hand.host(1));
  hand.forget();
  hand.heartbeat(2);
  hand.deliver(2, 1, 'AppendEntries');
  hand.settle();
  hand.answer();
  hand.answer(true);

  // n2 crashes in the middle of a step, n3 cannot write, and a disk is lost for good.
  hand.wait(5_000);
  hand.call(c2, 2, 2, { kind: 'add', key: 'k3', amount: 4 });
  hand.deliver(2, 3, 'AppendEntries');
  world.failWrite(hand.host(3), 'sync', 1);
  world.crash(hand.host(3), 0, false);
  hand.host(2).crashAfterEffects = 1;
  hand.heartbeat(2);
  world.crash(hand.host(2), 0, false);
  world.wipe(hand.host(2));
  world.restart(hand.host(2));
  world.restart(hand.host(3));
  world.crash(hand.host(1), 0, false);
  world.damage(hand.host(1), logIndex(1), 'misplaced');
  world.restart(hand.host(1));
  world.calm();
  world.changeMembers(hand.host(3), { voters: [], learners: [], removed: [n1] });
  world.transfer(hand.host(3), n1);
  world.compact(hand.host(3));
  const refusal = { kind: 'RequestVoteReply', from: n1, to: n3, term: term(9), granted: false } as const;
  world.inject(refusal);
  return hand;
}
