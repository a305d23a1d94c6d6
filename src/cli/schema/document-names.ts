// The names of the documents that have a schema, for the flags: the schemas themselves are loaded when asked for.
//
// `documents.ts` does not compile if it knows more or fewer.

export const documentNames = [
  'scenario',
  'run',
  'replay',
  'shrink',
  'scenarios',
  'scenario-list',
  'scenario-check',
  'campaign',
  'campaign-report',
  'explore',
  'check-history',
  'validate',
  'topics',
  'list',
  'explain',
] as const;

export type DocumentName = (typeof documentNames)[number];
