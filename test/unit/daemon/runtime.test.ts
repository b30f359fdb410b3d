import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { closeWorker } from '../../../src/adapters/bullmq/close-worker.js'
import { coalesced } from '../../../src/runtime/coalesced.js'
import { createReleases } from '../../../src/runtime/releases.js'
import { repeat } from '../../../src/runtime/repeat.js'
import { onShutdown } from '../../../src/runtime/signals.js'
import { settledWithin } from '../../../src/runtime/within.js'
import { until } from '../../support/eventually.js'
import { testLogger } from '../../support/daemon/memory-ports.js'

const deferred = () => {
  const resolvers: (() => void)[] = []
  const promise = new Promise<void>((resolve) => {
    resolvers.push(resolve)
  })
  return { promise, resolve: () => resolvers.forEach((each) => each()) }
}

describe('releases', () => {
  it('run in reverse order, one after the other, each once', async () => {
    const order: string[] = []
    const releases = createReleases(testLogger())
    const gate = deferred()
    releases.add('first', () => order.push('first'))
    releases.add('second', async () => {
      await gate.promise
      order.push('second')
    })
    const done = [releases.run(), releases.run()]
    gate.resolve()
    await Promise.all(done)
    expect(order).toEqual(['second', 'first'])
  })

  it('go on after one that fails, and say so', async () => {
    const logger = testLogger()
    const releases = createReleases(logger)
    let released = false
    releases.add('first', () => (released = true))
    releases.add('broken', () => {
      throw new Error('no')
    })
    await releases.run()
    expect(released).toBe(true)
    expect(logger.lines.map(({ fields }) => fields)).toMatchObject([{ resource: 'broken' }])
  })

  it('release at once what is opened too late', async () => {
    const releases = createReleases(testLogger())
    await releases.run()
    let released = false
    releases.add('late', () => (released = true))
    await until('released', () => released)
    expect(released).toBe(true)
  })
})

const listening = (stop: () => Promise<void>) => {
  const source = new EventEmitter()
  const codes: number[] = []
  const stopListening = onShutdown({ stop, logger: testLogger(), source, exit: (code) => codes.push(code) })
  return { source, codes, stopListening }
}

describe('shutdown', () => {
  it('drains on the first signal and leaves with 0', async () => {
    const gate = deferred()
    const { source, codes } = listening(() => gate.promise)
    source.emit('SIGTERM')
    expect(codes).toEqual([])
    gate.resolve()
    await until('exit', () => codes.length > 0)
    expect(codes).toEqual([0])
  })

  it('leaves at once on the second signal, with the code of that signal', () => {
    const { source, codes } = listening(() => deferred().promise)
    source.emit('SIGTERM')
    source.emit('SIGINT')
    expect(codes).toEqual([130])
    source.emit('SIGTERM')
    expect(codes).toEqual([130, 143])
  })

  it('leaves with 1 when it cannot stop cleanly', async () => {
    const { source, codes } = listening(() => Promise.reject(new Error('stuck')))
    source.emit('SIGINT')
    await until('exit', () => codes.length > 0)
    expect(codes).toEqual([1])
  })

  it('stops listening when asked', () => {
    const { source, stopListening } = listening(async () => undefined)
    stopListening()
    expect(source.listenerCount('SIGTERM') + source.listenerCount('SIGINT')).toBe(0)
  })
})

describe('closing a worker', () => {
  it('leaves jobs alone that finish before the deadline', async () => {
    let cancelled = false
    const worker = { close: async () => undefined, cancelAllJobs: () => void (cancelled = true) }
    expect(await closeWorker(worker, 1_000)).toBe(true)
    expect(cancelled).toBe(false)
  })

  it('aborts them at the deadline', async () => {
    const gate = deferred()
    const worker = { close: () => gate.promise, cancelAllJobs: () => gate.resolve() }
    expect(await closeWorker(worker, 0)).toBe(true)
  })

  it('leaves behind what does not even heed its signal', async () => {
    const worker = { close: () => deferred().promise, cancelAllJobs: () => undefined }
    expect(await closeWorker(worker, 0, { graceMs: 0 })).toBe(false)
  })

  it('does not wait for a queue that is out of reach once nothing is worked on', async () => {
    let isPointless = false
    let cancelled = false
    const worker = { close: () => deferred().promise, cancelAllJobs: () => void (cancelled = true) }
    const closing = closeWorker(worker, 3_600_000, { isPointless: () => isPointless })
    isPointless = true
    expect(await closing).toBe(true)
    expect(cancelled).toBe(false)
  })
})

describe('small tools', () => {
  it('a bounded wait passes a failure on', async () => {
    await expect(settledWithin(Promise.reject(new Error('no')), 1_000)).rejects.toThrow('no')
  })

  it('coalesced work is shared by those who ask while it runs, and runs anew afterwards', async () => {
    let runs = 0
    const gate = deferred()
    const work = coalesced(async () => {
      runs += 1
      await gate.promise
      return runs
    })
    const both = [work(), work()]
    gate.resolve()
    expect(await Promise.all(both)).toEqual([1, 1])
    expect(await work()).toBe(2)
  })

  it('repeated work goes on after a failure and stops after the round under way', async () => {
    let rounds = 0
    const failures: unknown[] = []
    const stop = repeat(
      1,
      async () => {
        rounds += 1
        throw new Error('no')
      },
      (error) => failures.push(error),
    )
    await until('three rounds', () => rounds >= 3)
    await stop()
    expect(failures).toHaveLength(rounds)
  })
})
