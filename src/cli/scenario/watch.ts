// `raft-sim scenario run --watch`: plays again what changed, until a signal comes.
//
// Events of the file system only say that it is time to look; what is played is what has another text than before. So
// an event that comes twice, late or for nothing does no harm.

import { EventEmitter, once } from 'node:events';
import { readFileSync, watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { UsageError } from '../../base/errors.ts';
import { type ExitCode, exitCodeOfSignal, exits } from '../exit-code.ts';
import { Interruption } from '../ui/interrupt.ts';
import type { Terminal } from '../ui/terminal.ts';
import type { ScenarioFile } from './files.ts';

/** Editors write a file in several strokes: so many milliseconds later all of them are done. */
const PAUSE = 100;

export interface WatchedPlay {
  /** The files of now; a folder may have got another one. */
  find(): Promise<readonly ScenarioFile[]>;
  play(files: readonly ScenarioFile[]): Promise<ExitCode>;
}

export async function watchScenarios(watching: WatchedPlay, { err }: Terminal): Promise<ExitCode> {
  const folders = new WatchedFolders();
  let known: ReadonlyMap<string, string> = new Map();
  try {
    for (let isFirst = true; ; isFirst = false) {
      const files = await found(watching, err, isFirst);
      folders.watch(files.map(({ path }) => dirname(path)));
      const texts = new Map(files.map(({ path }) => [path, textOf(path)]));
      const changed = files.filter(({ path }) => texts.get(path) !== known.get(path));
      known = texts;
      if (changed.length > 0) {
        const code = await watching.play(changed);
        if (code > INTERRUPTED || code === exits.defect) return code;
      }
      const change = nextChange(folders);
      // Only now is Ctrl-C heard: not before may it be promised.
      if (changed.length > 0)
        err.line(`watching ${files.length} ${files.length === 1 ? 'file' : 'files'}: Ctrl-C ends`);
      const signal = await change;
      if (signal !== undefined) return exitCodeOfSignal(signal);
    }
  } finally {
    folders.close();
  }
}

/** Exit codes of signals lie above. */
const INTERRUPTED = 128;

/** What cannot be found later is reported, and may come back. */
async function found(watching: WatchedPlay, err: Terminal['err'], isFirst: boolean): Promise<readonly ScenarioFile[]> {
  try {
    return await watching.find();
  } catch (error) {
    if (isFirst || !(error instanceof UsageError)) throw error;
    err.line(`raft-sim: ${error.message}`);
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it is reported when it is played
  }
}

/** Waits for a change, or for a signal. */
async function nextChange(folders: WatchedFolders): Promise<Interruption['signal']> {
  const signals = new EventEmitter();
  const interruption = new Interruption(() => void signals.emit('signal'));
  try {
    await Promise.race([folders.changed(), once(signals, 'signal')]);
    if (interruption.signal === undefined) await setTimeout(PAUSE);
    return interruption.signal;
  } finally {
    interruption.release();
  }
}

/** The folders of some files, and whether something happened in one of them since that was last asked. */
class WatchedFolders {
  private readonly watchers = new Map<string, FSWatcher>();
  private hasChanged = false;
  private readonly events = new EventEmitter();

  /** Watches these as well; a folder that is gone is watched no longer. */
  watch(folders: readonly string[]): void {
    for (const folder of folders) {
      if (this.watchers.has(folder)) continue;
      const watcher = watch(folder, () => this.note());
      watcher.on('error', () => {
        watcher.close();
        this.watchers.delete(folder);
        this.note();
      });
      this.watchers.set(folder, watcher);
    }
  }

  async changed(): Promise<void> {
    if (!this.hasChanged) await once(this.events, 'change');
    this.hasChanged = false;
  }

  close(): void {
    for (const watcher of this.watchers.values()) watcher.close();
  }

  private note(): void {
    this.hasChanged = true;
    this.events.emit('change');
  }
}
