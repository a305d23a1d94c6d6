// Writes a run down in the one-line notation, and beside each step what every server was after it, as a sign a lane.
//
// It keeps no history: what is drained is forgotten, so that a long run can be told while it goes on.

import type { NodeId } from '../base/ids.ts';
import type { Message } from '../protocol/message.ts';
import type { Host } from '../sim/host.ts';
import { nodeOf, type Step } from '../sim/step.ts';
import { TraceRecorder, type TracedStep } from '../trace/recorder.ts';
import { laneSign } from './text-lanes.ts';

export interface LanedStep extends TracedStep {
  /** By server. */
  readonly signs: readonly string[];
}

export class LanedRecorder extends TraceRecorder {
  private readonly signs: string[];
  /** Each from its first start on. */
  private readonly hosts: (Host | undefined)[] = [];
  private subject: NodeId | undefined = undefined;
  private noted: (readonly string[])[] = [];

  /** Of a cluster of so many servers, none of which has started. */
  constructor(servers: number) {
    super({ lines: true });
    this.signs = Array.from({ length: servers }, () => NOT_YET);
  }

  override begin(step: Step, message: Message | undefined): void {
    super.begin(step, message);
    this.subject = nodeOf(step);
  }

  override end(host: Host | undefined, fingerprint: string): void {
    super.end(host, fingerprint);
    if (host !== undefined) this.hosts[host.id] = host;
    const touched = host ?? (this.subject === undefined ? undefined : this.hosts[this.subject]);
    if (touched !== undefined) {
      const { id, status, life } = touched;
      this.signs[id] = laneSign({ status, life, role: status === 'down' ? 'down' : touched.process.probe.role });
    }
    this.noted.push([...this.signs]);
  }

  /** Everything since the last time, oldest first. */
  drainLaned(): LanedStep[] {
    const signs = this.noted;
    this.noted = [];
    return this.drain().map((step, i) => ({ ...step, signs: signs[i] ?? [] }));
  }
}

const NOT_YET = laneSign({ status: 'down', role: 'down', life: 0 });
