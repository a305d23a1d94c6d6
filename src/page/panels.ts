// The panels beside the picture, as one table: a new one costs its file and a row here.
//
// A panel is made anew whenever something has changed; it reads the viewer and calls what its reader may do.

import { branchPanel } from './panel-branch.ts';
import { clientsPanel } from './panel-clients.ts';
import { eventsPanel } from './panel-events.ts';
import { filesPanel } from './panel-files.ts';
import { helpPanel } from './panel-help.ts';
import { likelihoodPanel } from './panel-likelihood.ts';
import { messagesPanel } from './panel-messages.ts';
import { promisesPanel } from './panel-promises.ts';
import { statePanel } from './panel-state.ts';
import type { Viewing } from './viewing.ts';

export interface Panel {
  readonly key: string;
  readonly title: string;
  render(viewer: Viewing): HTMLElement;
}

export const panels: readonly [Panel, ...Panel[]] = [
  { key: 'state', title: 'Servers', render: statePanel },
  { key: 'messages', title: 'On the way', render: messagesPanel },
  { key: 'branch', title: 'What if', render: branchPanel },
  { key: 'likely', title: 'How likely', render: likelihoodPanel },
  { key: 'clients', title: 'Clients', render: clientsPanel },
  { key: 'promises', title: 'Promises', render: promisesPanel },
  { key: 'events', title: 'Events', render: eventsPanel },
  { key: 'files', title: 'Files', render: filesPanel },
  { key: 'help', title: 'Help', render: helpPanel },
];
