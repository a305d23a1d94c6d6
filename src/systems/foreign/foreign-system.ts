// A system behind a transport: a name for plans, and a process for each of its servers.
//
// Each cluster has its own commands: nothing of one run may be seen in another.

import { nodeId } from '../../base/ids.ts';
import type { Process } from '../../sim/process.ts';
import type { ClusterOptions, System } from '../system.ts';
import type { Transport } from './backend.ts';
import { Commands } from './commands.ts';
import { ForeignProcess } from './foreign-process.ts';

/** The system of a transport, under the name that plans have for it. */
export function foreignSystem(name: string, transport: Transport): System {
  const { description } = transport;
  return {
    name,
    title: description.title,
    shows: description.shows,
    makeCluster(options: ClusterOptions): readonly Process[] {
      const commands = new Commands();
      return transport
        .open(options.nodes)
        .map((backend, i) => new ForeignProcess(nodeId(i), backend, description, commands, options));
    },
  };
}
