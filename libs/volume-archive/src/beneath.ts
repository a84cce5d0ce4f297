import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync } from 'node:fs';
import { NameList } from './name-list.ts';
import { type BytePath, pathToBytes } from './path-bytes.ts';

/**
 * System calls relative to an open directory (`openat` and its family), which Node lacks: `/proc/self/fd/N/name` is the entry
 * `name` of the directory that is open as N, whatever its path is now. Together with O_NOFOLLOW on every step no symbolic link
 * that somebody slips into a tree can lead out of it, and paths may be longer than PATH_MAX.
 */
export interface Place {
  /** Descriptor of the open directory. */
  directory: number;
  /** One name in it, without a slash. */
  name: BytePath;
}

const BIG = { bigint: true } as const;
const OPEN_DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** @returns the bytes to give to a function of node:fs that does not follow the last name. */
export const at = ({ directory, name }: Place): Buffer => pathToBytes(`/proc/self/fd/${directory}/${name}`);

/** Opens the volume's root; it may be given by any path and is the one place where links are followed. */
export function openRoot(root: string): number {
  return openSync(root, constants.O_RDONLY | constants.O_DIRECTORY);
}

export function openDirectory(place: Place): number {
  return openSync(at(place), OPEN_DIRECTORY);
}

/** Opens for reading without waiting for the other end of a fifo. */
export function openForReading(place: Place): number {
  return openSync(at(place), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
}

export function statAt(place: Place): BigIntStats {
  return lstatSync(at(place), BIG);
}

/** @returns undefined when there is nothing. */
export function statIfThere(place: Place): BigIntStats | undefined {
  return lstatSync(at(place), { bigint: true, throwIfNoEntry: false });
}

export function statOpen(descriptor: number): BigIntStats {
  return fstatSync(descriptor, BIG);
}

/** @returns the names in an open directory, in byte order. */
export function namesIn(directory: number): NameList {
  return new NameList(`/proc/self/fd/${directory}`);
}

export function readLinkAt(place: Place): Buffer {
  return readlinkSync(at(place), 'buffer');
}

export const close = closeSync;
