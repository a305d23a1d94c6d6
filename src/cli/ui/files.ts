// Files on the way out and in: written whole or not at all, read with complaints that name the file.
//
// A file is written beside its place and then moved there, so that a crash or a full disk never leaves half of one
// under its name. What cannot be written or read for a reason of the user's is the user's mistake.

import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { nearest } from '../../run/nearest.ts';

/** A file that gets its name when it is complete. */
export class WholeFile {
  readonly path: string;
  private readonly written: string;
  private _handle: number | undefined;

  private constructor(path: string, written: string, handle: number) {
    this.path = path;
    this.written = written;
    this._handle = handle;
  }

  /** Opens it for writing, or throws what the system says. Pipes and devices are written directly. */
  static open(path: string): WholeFile {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) throw errorWithCode('EISDIR');
    const isDirect = found !== undefined && !found.isFile();
    const written = isDirect ? path : `${path}.${process.pid}.partial`;
    return new WholeFile(path, written, openSync(written, 'w'));
  }

  write(text: string): void {
    const { handle } = this;
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
  }

  /** The file is complete: it gets its name. */
  finish(): void {
    const { handle } = this;
    if (this.written !== this.path) fsyncSync(handle);
    this.close();
    if (this.written !== this.path) renameSync(this.written, this.path);
  }

  /** The file will never be complete: nothing of it stays. */
  abandon(): void {
    this.close();
    if (this.written !== this.path) rmSync(this.written, { force: true });
  }

  private get handle(): number {
    if (this._handle === undefined) throw errorWithCode('EBADF');
    return this._handle;
  }

  private close(): void {
    if (this._handle !== undefined) closeSync(this._handle);
    this._handle = undefined;
  }
}

/** Makes a folder and those above it, one by one: node's own way never comes back from below /proc. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    if (!existsSync(path)) throw error; // else another process was faster
  }
}

/** Throws what the system says if a file could not be written there; leaves nothing but the folders. */
export function tryWriting(path: string): void {
  makeFolder(dirname(path));
  WholeFile.open(path).abandon();
}

/** Writes a whole file, with the folders that it needs. */
export function writeWhole(path: string, pieces: Iterable<string>): void {
  makeFolder(dirname(path));
  const file = WholeFile.open(path);
  try {
    for (const piece of pieces) file.write(piece);
    file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

function errorWithCode(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}

/** What the system says is wrong with a file, in words. */
export function troubleText(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file or folder';
    case 'EISDIR':
      return 'it is a folder, not a file';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'a file stands where a folder is needed';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOSPC':
      return 'the disk is full';
    case 'ENAMETOOLONG':
      return 'the name is too long';
    case 'ERR_STRING_TOO_LONG':
    case 'ERR_FS_FILE_TOO_LARGE':
      return 'it is too large to be read at once';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** Reads a text file, or standard input for `-`. */
export async function readText(path: string): Promise<string> {
  try {
    if (path === '-') {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString('utf8');
    }
    if (statSync(path).isDirectory()) throw errorWithCode('EISDIR');
    return readFileSync(path, 'utf8');
  } catch (error) {
    const near = fileNear(path, error);
    throw new UsageError(
      `cannot read ${path}: ${troubleText(error)}${near === undefined ? '' : `\ndid you mean ${near}?`}`,
    );
  }
}

/** A file beside the one that is missing whose name is almost the same. */
export function fileNear(path: string, error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) return undefined;
  try {
    const folder = dirname(path);
    const name = nearest(basename(path), readdirSync(folder));
    return name === undefined ? undefined : join(folder, name);
  } catch {
    return undefined;
  }
}
