// What the system denies to any program: too few file handles, a working folder that is gone, no more threads.
//
// None of it is a defect of raft-sim, and none has a file of the user's to blame. It may strike anywhere, also in the
// loading of a module, so it is recognized where errors end.

/** What the system denied, in words; undefined if it is anything else. */
export function systemTrouble(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { message, cause } = error;
  const code = 'code' in error ? String(error.code) : '';
  if (message.includes('uv_cwd')) return 'the folder that it was started in is gone';
  if (/\b(EMFILE|ENFILE)\b/.test(`${code} ${message}`) || (isNotFound(code, message) && areFilesFew())) {
    return `too many files are open${limitText()}: raise the limit (ulimit -n 1024)`;
  }
  if (code === 'ERR_WORKER_INIT_FAILED' || (code === 'EAGAIN' && /spawn|thread|fork/.test(message))) {
    return 'the system gives no more threads: use fewer --workers';
  }
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'a worker ran out of memory: use fewer --workers';
  return cause === undefined ? undefined : systemTrouble(cause);
}

/** Node says that a package is missing when it cannot open its files. */
const isNotFound = (code: string, message: string): boolean =>
  code === 'ERR_MODULE_NOT_FOUND' || /Cannot find (?:package|module)/.test(message);

const FEW = 256;

const areFilesFew = (): boolean => openFilesMax() < FEW;

const limitText = (): string => (openFilesMax() === Infinity ? '' : `, at most ${openFilesMax()} may be`);

interface Limits {
  readonly userLimits?: { readonly open_files?: { readonly soft?: number | string } };
}

/** How many files this process may open; Infinity where the system does not say. */
function openFilesMax(): number {
  const { userLimits } = process.report.getReport() as Limits;
  const soft = Number(userLimits?.open_files?.soft);
  return Number.isNaN(soft) ? Infinity : soft;
}
