import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { windowId } from '../../../src/adapters/bullmq/window-id.js'
import { startAt } from '../../../src/core/progress.js'
import type { Window } from '../../../src/core/window.js'
import { until } from '../../support/eventually.js'
import { daemonFixture, pairName, quietResult, type DaemonFixture } from '../../support/daemon/fixture.js'

let daemon: DaemonFixture
beforeEach(async () => {
  daemon = await daemonFixture()
})
afterEach(() => daemon.close())

const window: Window = { from: 100, to: 200 }
const id = windowId(pairName, window)

/** One window, without a scheduler. */
const enqueue = async (): Promise<void> => {
  daemon.checkpoints.reset(pairName, startAt(window.from))
  await daemon.queue.add('window', { pair: pairName, ...window }, { jobId: id, attempts: 3 })
}

/** A run of a window that ends when told to, or when its signal is aborted. */
const heldWindow = () => {
  const state = { running: 0, aborted: 0, finish: (): void => undefined }
  const runWindow = async (pair: string, each: Window, signal: AbortSignal) => {
    state.running += 1
    await new Promise<void>((resolve, reject) => {
      state.finish = resolve
      signal.addEventListener('abort', () => {
        state.aborted += 1
        reject(signal.reason as Error)
      })
    })
    return quietResult(pair, each)
  }
  return { state, runWindow }
}

describe('stopping a worker', () => {
  it('lets the window under way finish and takes no other', async () => {
    await enqueue()
    const { state, runWindow } = heldWindow()
    const worker = await daemon.worker(runWindow)
    await until('it runs', () => state.running === 1)
    const stopped = worker.stop(20_000)
    await daemon.queue.add('later', { pair: pairName, from: 200, to: 300 }, { jobId: 'default.200-300' })
    state.finish()
    await stopped
    expect(await (await daemon.queue.getJob(id))?.getState()).toBe('completed')
    expect(await (await daemon.queue.getJob('default.200-300'))?.getState()).toBe('waiting')
    expect(daemon.watermark()).toBe(200)
    expect(state.running).toBe(1)
  })

  it('gives the window back at the deadline without using up an attempt, and another worker does it', async () => {
    await enqueue()
    const { state, runWindow } = heldWindow()
    const worker = await daemon.worker(runWindow)
    await until('it runs', () => state.running === 1)
    await worker.stop(50)
    expect(state.aborted).toBe(1)
    const job = await daemon.queue.getJob(id)
    expect(await job?.getState()).toBe('waiting')
    expect(job?.attemptsMade).toBe(0)
    expect(daemon.watermark()).toBe(100)
    await daemon.worker(async (pair, each) => quietResult(pair, each))
    await until('the other one does it', () => daemon.watermark() === 200)
  })

  it('is bounded even for a window that heeds nothing', async () => {
    await enqueue()
    let finish: (() => void) | undefined
    const worker = await daemon.worker(async (pair, each) => {
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      return quietResult(pair, each)
    })
    await until('it runs', () => finish !== undefined)
    await worker.stop(50)
    expect(daemon.logger.lines.some(({ message }) => message.includes('did not stop in time'))).toBe(true)
    finish?.()
  })
})

describe('a worker that lost its lock', () => {
  it('is told so by the signal, and acknowledges nothing more', async () => {
    await enqueue()
    const { state, runWindow } = heldWindow()
    await daemon.worker(runWindow, { lockMs: 500, concurrency: 1 })
    await until('it runs', () => state.running === 1)
    // As if another worker had taken the job over while this one was stopped.
    await daemon.client.set(`${daemon.redis.prefix}:windows:${id}:lock`, 'somebody else')
    await until('its signal is aborted', () => state.aborted === 1)
    expect(daemon.acknowledged).toEqual([])
    expect(daemon.logger.lines.some(({ message }) => message.includes('lock lost'))).toBe(true)
  })

  it('has its window run again by another one', async () => {
    await enqueue()
    const { state, runWindow } = heldWindow()
    await daemon.worker(runWindow, { lockMs: 500, concurrency: 1 })
    await until('it runs', () => state.running === 1)
    await daemon.worker(async (pair, each) => quietResult(pair, each), { lockMs: 500 })
    await daemon.client.del(`${daemon.redis.prefix}:windows:${id}:lock`)
    await until('the other one does it', () => daemon.watermark() === 200)
    expect(daemon.acknowledged).toEqual([window])
  })

  it('is not alive while its window heeds nothing and ends neither, and is again when it does', async () => {
    await enqueue()
    let finish: (() => void) | undefined
    const worker = await daemon.worker(
      async (pair, each) => {
        await new Promise<void>((resolve) => {
          finish = resolve
        })
        return quietResult(pair, each)
      },
      { lockMs: 500, concurrency: 1 },
    )
    await until('it runs', () => finish !== undefined)
    expect((await fetch(`${worker.url}/healthz`)).status).toBe(200)
    await daemon.client.set(`${daemon.redis.prefix}:windows:${id}:lock`, 'somebody else')
    await until('it is not alive', async () => (await fetch(`${worker.url}/healthz`)).status === 503)
    expect(await (await fetch(`${worker.url}/healthz`)).text()).toContain('a window neither ends nor keeps its lock')
    finish?.()
    await until('it is alive', async () => (await fetch(`${worker.url}/healthz`)).status === 200)
  })

  it('is not alive while its window keeps the lock but waits for what never comes', async () => {
    await enqueue()
    let finish: (() => void) | undefined
    let answer: (() => void) | undefined
    const worker = await daemon.worker(
      async (pair, each, _signal, { onAnswer }) => {
        answer = onAnswer
        await new Promise<void>((resolve) => {
          finish = resolve
        })
        return quietResult(pair, each)
      },
      { lockMs: 500, answerLimitMs: 300, concurrency: 1 },
    )
    const health = async (): Promise<Response> => fetch(`${worker.url}/healthz`)
    await until('it is not alive', async () => (await health()).status === 503)
    expect(await (await health()).text()).toContain('a window neither ends nor gets answers')
    answer?.()
    await until('it is alive', async () => (await health()).status === 200)
    await until('it is not alive again', async () => (await health()).status === 503)
    finish?.()
    await until('it is alive for good', () => daemon.watermark() === 200)
    expect((await health()).status).toBe(200)
  })
})
