import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { takeLock } from './lock.js'
import { say } from './progress.js'

/**
 * Makes sure that `target` is there: `fill` gets a new empty folder, which takes the target's name only when it is
 * complete. One download at a time: Maven's own store is not made for two at once.
 */
export async function installOnce(
  target: string,
  signal: AbortSignal,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  if (existsSync(target)) return
  await withInstallLock(dirname(target), signal, async () => {
    if (existsSync(target)) return
    const draft = `${target}.draft`
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft, { recursive: true })
    try {
      await fill(draft)
      renameSync(draft, target)
    } finally {
      rmSync(draft, { recursive: true, force: true })
    }
  })
}

export async function withInstallLock(dist: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const release = await takeLock(join(dist, 'lock'), signal, (pid) => say(`waiting for another download (pid ${pid})`))
  try {
    await work()
  } finally {
    release()
  }
}
