// The languages that there are skeletons for, in the order of the help.
//
// Each is a folder of `examples/systems`.

export const skeletonLanguages = ['go', 'rust', 'c', 'typescript', 'python'] as const;
