// Faults of clients: calls that are sent twice, answers that get lost.
//
// Each call and each answer draws its own fate; nothing here strikes by itself.

import { PERCENT } from '../../base/units.ts';
import { odds } from '../parameter.ts';
import { between, fault } from './fault.ts';

export const duplicateCall = fault({
  parameters: { duplicateCall: odds('clients', 0, 'a client sends a call twice') },
  switch: 'duplicateCall',
  shapedBy: [],
  steps: ['call'],
  profiles: { lossy: { duplicateCall: 3 * PERCENT } },
  campaign: {
    stream: 'duplicate call',
    odds: 400_000,
    draw: (random) => ({ duplicateCall: between(random, PERCENT, 30 * PERCENT) }),
  },
});

export const answerLoss = fault({
  parameters: { answerLoss: odds('clients', 0, 'an answer to a client is lost') },
  switch: 'answerLoss',
  shapedBy: [],
  steps: ['answer'],
  profiles: { lossy: { answerLoss: 3 * PERCENT } },
  campaign: {
    stream: 'answer loss',
    odds: 400_000,
    draw: (random) => ({ answerLoss: between(random, PERCENT, 50 * PERCENT) }),
  },
});
