import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pause } from './pause.js'
import { isAlive, identityOf, type ProcessIdentity } from '../src/runtime/process-identity.js'

interface Holder extends ProcessIdentity {
  readonly token: string
}

/**
 * Takes a lock file, waiting as long as its holder lives, and returns its release. A holder that died leaves no lock
 * behind: its process is recognised by pid and start. Two calls in one process exclude each other as well.
 */
export async function takeLock(file: string, signal: AbortSignal, onWait: (pid: number) => void): Promise<() => void> {
  mkdirSync(dirname(file), { recursive: true })
  const mine: Holder = { ...identityOf(process.pid), token: randomUUID() }
  const draft = `${file}.${mine.token}`
  writeFileSync(draft, JSON.stringify(mine))
  try {
    let waited = false
    while (!linkExists(draft, file)) {
      const holder = readHolder(file)
      if (holder !== undefined && !isAlive(holder)) removeDead(file, holder, mine.token)
      else {
        if (holder !== undefined && !waited && holder.pid !== mine.pid) onWait(holder.pid)
        waited = true
        await pause(100, signal)
      }
    }
  } finally {
    rmSync(draft, { force: true })
  }
  return () => {
    if (readHolder(file)?.token === mine.token) rmSync(file, { force: true })
  }
}

/** A hard link appears whole or not at all, with its content: unlike a file that is created and then written. */
function linkExists(draft: string, file: string): boolean {
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Moves the dead holder's file away, and puts it back if another process was quicker and the file is that one's. */
function removeDead(file: string, dead: Holder, token: string): void {
  const aside = `${file}.${token}.dead`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if (readHolder(aside)?.token !== dead.token) linkExists(aside, file)
  rmSync(aside, { force: true })
}
