import type { Pipeline } from '../lib/measure.ts';
import type { ToolName } from '../options.ts';

/** Where a tool works for one round. */
export interface Workspace {
  /** On tmpfs, empty, thrown away after the round: configuration, caches, temporary files, logs. */
  directory: string;
  /** Of the object store, which is empty. */
  endpoint: string;
}

export const BUCKET = 'bench';
export const CREDENTIALS = { accessKeyId: 'bench', secretAccessKey: 'bench-secret' };

/** A tool with an empty place in object storage. It is asked in this order: up, down, then upChanged, downChanged. */
export interface Session {
  /** What is done once, before anything is measured. */
  prepare?(): Promise<unknown>;
  /** Copies a directory into object storage. */
  up(source: string): Pipeline;
  /** Restores it into an empty directory. */
  down(target: string): Pipeline;
  /** Copies it again, from a directory in which something has changed. */
  upChanged(source: string): Pipeline;
  /** Restores that into the directory which `down` has filled. */
  downChanged(target: string): Pipeline;
  /** Looks whether the tool did what it was asked for. @throws Error when it did less */
  check?(step: 'up' | 'down' | 'upChanged' | 'downChanged'): void;
}

export interface Tool {
  name: ToolName;
  /** What it is and how it is run, for the report. */
  description: string;
  /** `changes`: a session in which upChanged will be asked for. */
  open(workspace: Workspace, options: { changes: boolean }): Session;
}
