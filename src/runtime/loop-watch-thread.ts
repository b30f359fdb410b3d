/** Runs in a thread of its own: what it watches over may be unable to run anything. See loop-watch.ts. */
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { isStuck, looked, unwatched } from '../core/stuck.js'

const { beats, lookMs, mostMissed } = workerData as {
  readonly beats: Int32Array
  readonly lookMs: number
  readonly mostMissed: number
}
let watched = unwatched
setInterval(() => {
  watched = looked(watched, Atomics.load(beats, 0))
  if (!isStuck(watched, mostMissed)) return
  const seconds = Math.round((lookMs * mostMissed) / 1_000)
  // Past the logger, which lives in the thread that is stuck.
  writeSync(2, `caes-sync: stuck: nothing ran for ${seconds} s; ending so that it is started anew [CAES_STUCK]\n`)
  // Nothing else ends a process whose main thread runs no JavaScript.
  process.kill(process.pid, 'SIGKILL')
}, lookMs)
