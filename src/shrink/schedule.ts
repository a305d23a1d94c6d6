// The schedule of a trace: its steps are taken once more, and each becomes a move, named by what it is about.
//
// The steps come from a trace, from a seed or from a scenario that was played. Steps that only decide when others
// happen are left out; where a run began with booting its servers, that is left to the trial.

import { UsageError } from '../base/errors.ts';
import type { Message, Write } from '../protocol/message.ts';
import type { Timer } from '../protocol/timers.ts';
import { micros } from '../base/ids.ts';
import type { Plan } from '../run/plan.ts';
import { Simulation } from '../run/simulate.ts';
import type { Host } from '../sim/host.ts';
import type { Answer } from '../sim/process.ts';
import type { Scheduler } from '../sim/schedule/scheduler.ts';
import { ScriptedScheduler } from '../sim/schedule/scripted.ts';
import type { Step } from '../sim/step.ts';
import type { World } from '../sim/world.ts';
import { isMoving, plainMove, type Move, type MovingStep } from './moves.ts';
import { Provenance } from './provenance.ts';

/** The moves of a run that took these steps under this plan. */
export function movesOf(plan: Plan, steps: readonly Step[]): Move[] {
  return new RetakenTrace(plan).moves(steps);
}

class RetakenTrace implements Scheduler {
  private readonly world: World;
  private readonly way: ScriptedScheduler;
  private readonly provenance: Provenance;

  constructor(plan: Plan) {
    this.world = new Simulation(plan, { schedule: () => this, checks: false }).world;
    this.way = new ScriptedScheduler(this.world, []);
    this.provenance = new Provenance(plan.nodes);
  }

  moves(steps: readonly Step[]): Move[] {
    const moves: Move[] = [];
    const world = this.world;
    const booted = new Set<number>();
    steps.forEach((step, i) => {
      const isBoot = step.kind === 'restart' && !booted.has(step.node);
      if (isBoot) booted.add(step.node);
      const id = isBoot ? 0 : i + 1;
      const move = isBoot || !isMoving(step) ? undefined : this.moveOf(step, id);
      const { crashPending } = world;
      if (crashPending !== undefined && !(step.kind === 'crash' && step.node === crashPending.id)) {
        world.crash(crashPending, crashPending.disk.cachedWrites, false);
      }
      if (step.at > world.now) world.now = micros(step.at);
      this.provenance.cause = step.kind === 'durable' ? (this.provenance.writerOf(step.node) ?? id) : id;
      if (step.kind === 'durable') this.provenance.written(step.node);
      const why = this.way.take(step);
      if (why !== undefined) throw new UsageError(`step ${i + 1} cannot be taken again: ${why}`);
      if (step.kind === 'crash' || step.kind === 'write-failed') this.provenance.lost(step.node);
      if (move !== undefined) moves.push(move);
    });
    return moves;
  }

  private moveOf(step: MovingStep, id: number): Move | undefined {
    switch (step.kind) {
      case 'deliver':
      case 'duplicate': {
        const found = this.way.find(this.world.linkOf(step.from, step.to), step.number);
        if (found === undefined) return undefined;
        const origin = this.provenance.originOf(found);
        const { message } = found;
        if (step.kind === 'duplicate' || step.effects === undefined) return { act: step.kind, id, message, origin };
        return { act: step.kind, id, message, origin, effects: step.effects };
      }
      case 'timer': {
        const move = { act: step.kind, id, node: step.node, timer: step.timer };
        return step.effects === undefined ? move : { ...move, effects: step.effects };
      }
      case 'transfer': {
        const move = { act: step.kind, id, node: step.node, target: step.target };
        return step.effects === undefined ? move : { ...move, effects: step.effects };
      }
      case 'durable': {
        const move = { act: step.kind, id, node: step.node };
        return step.effects === undefined ? move : { ...move, effects: step.effects };
      }
      case 'call': {
        const { client, sequence, node, operation } = step;
        const move = { act: step.kind, id, client, sequence, node, operation };
        return step.effects === undefined ? move : { ...move, effects: step.effects };
      }
      case 'change-members': {
        const move = { act: step.kind, id, node: step.node, change: step.change };
        return step.effects === undefined ? move : { ...move, effects: step.effects };
      }
      case 'crash': {
        const isLossless = step.kept >= this.world.host(step.node).disk.cachedWrites;
        return { act: step.kind, id, node: step.node, kept: isLossless ? Infinity : step.kept, torn: step.torn };
      }
      case 'send':
        return { act: step.kind, id, message: step.message };
      case 'write-failed':
        return { act: step.kind, id, node: step.node, error: step.error, kept: step.kept };
      case 'answer': {
        if (step.lost) return undefined;
        const { client, number } = step;
        const waiting = this.way.unanswered().find((one) => one.answer.client === client && one.number === number);
        return waiting === undefined ? undefined : { act: step.kind, id, client, sequence: waiting.answer.sequence };
      }
      default:
        return plainMove(step, id);
    }
  }

  // ── what the world tells its scheduler ─────────────────────────────────────────────────────────────────────────

  messageSent(link: number, number: number, message: Message): void {
    this.provenance.sent();
    this.way.messageSent(link, number, message);
  }

  timerArmed(host: Host, timer: Timer): void {
    host.setDeadline(timer, this.world.now);
  }

  writeIssued(host: Host, _write: Write): void {
    this.provenance.issued(host.id);
  }

  answerGiven(answer: Answer, number: number): void {
    this.way.answerGiven(answer, number);
  }

  answerArrived(): void {
    // The steps say what a client does next.
  }

  next(): boolean {
    return false;
  }
}
