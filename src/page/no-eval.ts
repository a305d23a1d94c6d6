// Keeps the reader of stories from trying whether it may make code from text: the policy of the page forbids it, and
// a browser would say so in its console.
//
// It must be the first import of the page, before any schema is made.

import { config } from 'zod';

config({ jitless: true });
