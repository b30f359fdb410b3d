/** Where lines go. */
import { closeSync, constants, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { CaesError } from '../../core/errors.js'
import type { LogRecord } from './record.js'

export interface Sink {
  /** Takes a line without its line break. Never throws: a log that cannot be written must not stop the work. */
  write(line: string, record: LogRecord): void
  /** Goes on in a new file where the old one was moved away. */
  reopen(): void
  close(): void
}

const pauseMs = 5
const pausing = new Int32Array(new SharedArrayBuffer(4))

/** All of it, also to a pipe that is full for a moment. Errors: those of the file system. */
export const writeWhole = (fd: number, text: string): void => {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(pausing, 0, 0, pauseMs)
    }
  }
}

export const nullSink: Sink = { write: () => undefined, reopen: () => undefined, close: () => undefined }

/** Whoever reads it may have gone; there is nobody left to tell. */
export const streamSink = (fd: 1 | 2): Sink => ({
  ...nullSink,
  write: (line) => {
    try {
      writeWhole(fd, `${line}\n`)
    } catch (error) {
      if (!isGone(error)) throw error
    }
  },
})

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['EPIPE', 'EIO', 'EBADF'].includes(String(error.code))

/** A file that is open for appending. */
export interface OpenFile {
  readonly fd: number
  readonly device: number
  readonly inode: number
  size: number
}

/** Makes the folder, too. Errors: CAES_CONFIG_INVALID. */
export const openLog = (path: string, truncate = false): OpenFile => {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (truncate ? constants.O_TRUNC : 0)
  let fd: number
  try {
    mkdirSync(dirname(path), { recursive: true })
    fd = openSync(path, flags, 0o640)
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new CaesError('CAES_CONFIG_INVALID', `the log file ${path} cannot be opened: ${why}`, {
      where: path,
      hint: 'name a file in a folder that this user may write to',
      cause: error,
    })
  }
  const { dev, ino, size } = fstatSync(fd)
  return { fd, device: dev, inode: ino, size }
}

export const closeLog = ({ fd }: OpenFile): void => closeSync(fd)
