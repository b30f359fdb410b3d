/**
 * A process of its own that outlives whoever started a passing stack, to stop that stack where its owner was killed
 * before it could. Its standard input is a pipe that the owner holds open; the kernel closes it, however the owner ends.
 * Arguments: the folder of all stacks, and that of the one to look after.
 */
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { clearLeftovers } from './leftovers.js'

const [folder, home] = process.argv.slice(2)
/** A process that is being killed may be seen for a moment after its pipes were closed. */
const patienceMs = 30_000
const pollMs = 200

const ownerGone = async (): Promise<void> => {
  if (folder === undefined || home === undefined) return
  const deadline = performance.now() + patienceMs
  while (existsSync(home) && performance.now() < deadline) {
    await clearLeftovers(folder, new AbortController().signal)
    await sleep(pollMs)
  }
}

process.stdin.on('error', () => undefined)
process.stdin.once('close', () => void ownerGone())
process.stdin.resume()
