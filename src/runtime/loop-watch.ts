/**
 * Ends the process when its event loop stands still: such a process answers no probe and no signal, renews no lock, and
 * would stay for ever where nobody watches it from outside.
 */
import { Worker } from 'node:worker_threads'

const looks = 10

/** @returns stops watching */
export const watchLoop = (limitMs: number): (() => void) => {
  const lookMs = Math.ceil(limitMs / looks)
  const beats = new Int32Array(new SharedArrayBuffer(4))
  const beat = setInterval(() => Atomics.add(beats, 0, 1), lookMs / 2)
  const thread = new Worker(new URL('./loop-watch-thread.js', import.meta.url), {
    workerData: { beats, lookMs, mostMissed: looks },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
  })
  beat.unref()
  thread.unref()
  return () => {
    clearInterval(beat)
    void thread.terminate()
  }
}
