/** Files, with what Python's handlers do to them before a line is written: roll over, or notice that they were moved. */
import { statSync } from 'node:fs'
import { closeLog, openLog, writeWhole, type OpenFile, type Sink } from './sink.js'

export interface FileSinkOptions {
  readonly path: string
  /** Begin with an empty file. */
  readonly truncate?: boolean
  /** Look before each line whether the file is still the one at its path. */
  readonly watch?: boolean
  readonly rolling?: Rolling
}

/** When a file is full, and what becomes of it. */
export interface Rolling {
  /** @param size of the file; @param line what is to be added, with its line break */
  isDue(file: OpenFile, line: string, now: number): boolean
  /** Moves the closed file out of the way. */
  roll(path: string, now: number): void
}

/**
 * @param complain told once for each outage, when a line could not be written
 * Errors: CAES_CONFIG_INVALID when the file cannot be opened at first.
 */
export const fileSink = (options: FileSinkOptions, complain: (problem: string) => void): Sink => {
  const { path, truncate = false, watch = false, rolling } = options
  let file: OpenFile | undefined = openLog(path, truncate)
  let failing = false

  const reopen = (): void => {
    if (file !== undefined) closeLog(file)
    file = undefined
    file = openLog(path)
  }
  const attempt = (work: () => void): void => {
    try {
      work()
      failing = false
    } catch (error) {
      if (!failing) complain(`cannot write to ${path}: ${error instanceof Error ? error.message : String(error)}`)
      failing = true
    }
  }
  const append = (text: string, now: number): void => {
    if (file === undefined || (watch && !isStillThere(path, file))) reopen()
    if (rolling?.isDue(file!, text, now) === true) {
      closeLog(file!)
      file = undefined
      rolling.roll(path, now)
      file = openLog(path)
    }
    writeWhole(file!.fd, text)
    file!.size += Buffer.byteLength(text)
  }
  return {
    write: (line, { time }) => attempt(() => append(`${line}\n`, time)),
    reopen: () => attempt(reopen),
    close: () => {
      if (file !== undefined) closeLog(file)
      file = undefined
    },
  }
}

const isStillThere = (path: string, { device, inode }: OpenFile): boolean => {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && found.dev === device && found.ino === inode
}
