import { join } from 'node:path'
import { exitCode } from '../src/core/errors.js'
import { homeOf, standingStack } from './engine.js'
import { makeFolder, type StackFolder } from './folder.js'
import { catchInterruption } from './interruption.js'
import { clearLeftovers } from './leftovers.js'
import { takeLock } from './lock.js'
import { say } from './progress.js'
import { sheetFile } from './secure-sheet.js'
import type { StackSettings } from './settings.js'
import { type ServerStatus, statusTable } from './status.js'

/** `up`, `down` and `status`: the stack that keeps running between commands. Each returns the exit code. */

export async function up(settings: StackSettings, folder: StackFolder, json: boolean): Promise<number> {
  makeFolder(folder.path)
  if (folder.moved !== undefined) say(`${folder.moved}: the stack lives in ${folder.path}`)
  return locked(folder.path, async (signal) => {
    const stack = await standingStack(settings, folder.path)
    await stack.start(signal)
    const rows = await stack.status()
    print(rows, json)
    if (settings.secure) say(`certificates and accounts: ${sheetFile(homeOf(settings, folder.path))}`)
    return isUp(rows) ? exitCode.done : exitCode.failed
  })
}

export async function down(settings: StackSettings, folder: StackFolder, wipe: boolean): Promise<number> {
  makeFolder(folder.path)
  return locked(folder.path, async (signal) => {
    await clearLeftovers(folder.path, signal)
    const stack = await standingStack(settings, folder.path)
    const stopped = await stack.stop({ wipe })
    for (const what of stopped) say(`stopped ${what}`)
    if (stopped.length === 0) say('nothing was running')
    if (wipe) say(`removed the data in ${homeOf(settings, folder.path)}`)
    return exitCode.done
  })
}

export async function status(settings: StackSettings, folder: StackFolder, json: boolean): Promise<number> {
  const rows = await (await standingStack(settings, folder.path)).status()
  print(rows, json)
  return isUp(rows) ? exitCode.done : exitCode.failed
}

/** One command at a time changes the stack of a folder. */
async function locked(folder: string, work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const interruption = catchInterruption()
  try {
    const release = await takeLock(join(folder, 'lock'), interruption.signal, (pid) =>
      say(`waiting for another stack command (pid ${pid})`),
    )
    try {
      return await work(interruption.signal)
    } finally {
      release()
    }
  } finally {
    interruption.release()
  }
}

const isUp = (rows: readonly ServerStatus[]): boolean => rows.every(({ state }) => state === 'up')

function print(rows: readonly ServerStatus[], json: boolean): void {
  process.stdout.write(`${json ? JSON.stringify({ servers: rows }) : statusTable(rows)}\n`)
}
