import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Closed } from '../../../src/core/gate.js'
import { until } from '../../support/eventually.js'
import { daemonFixture, pairName, quietResult, type DaemonFixture } from '../../support/daemon/fixture.js'

let daemon: DaemonFixture
beforeEach(async () => {
  daemon = await daemonFixture()
})
afterEach(() => daemon.close())

describe('a closed gate', () => {
  it('lets no window of its pair start, costs none an attempt however long it lasts, and opens without a hand', async () => {
    let closed: Closed | undefined = { reason: 'the store is away', retryInMs: 20 }
    const asked: string[] = []
    let started = 0
    await daemon.scheduler({ attempts: 2 })
    await daemon.worker(
      async (pair, window) => {
        started += 1
        return quietResult(pair, window)
      },
      {
        gate: (pair) => {
          asked.push(pair)
          return closed
        },
      },
    )
    // More often than a window may be tried, and than a job may stall.
    const job = await until('a window came again and again', async () =>
      (await daemon.queue.getJobs(['delayed', 'waiting', 'active'])).find(
        ({ attemptsStarted }) => attemptsStarted > 30,
      ),
    )
    expect(started).toBe(0)
    expect(job.attemptsMade).toBe(0)
    expect(new Set(asked)).toEqual(new Set([pairName]))

    closed = undefined
    await until('the watermark passes it', () => daemon.watermark() > job.data.to)
    expect(await daemon.jobIn('failed')).toBeUndefined()
  })

  it('says at each window once what it waits for', async () => {
    const reasons = ['the store is away', 'somebody paused it']
    let reason = reasons[0]!
    await daemon.scheduler()
    await daemon.worker(async (pair, window) => quietResult(pair, window), {
      gate: () => ({ reason, retryInMs: 20 }),
    })
    const waiting = async () => (await daemon.queue.getJobs(['delayed', 'waiting', 'active'])).at(-1)
    const first = await until('it waits', async () => {
      const job = await waiting()
      return job !== undefined && job.attemptsStarted > 5 ? job : undefined
    })
    reason = reasons[1]!
    const later = await until('it waits for something else', async () => {
      const job = await daemon.queue.getJob(first.id ?? '')
      return job !== undefined && job.attemptsStarted > first.attemptsStarted + 5 ? job : undefined
    })
    expect(later.progress).toEqual({ progress: 0, step: 'waits: somebody paused it' })
    const { logs } = await daemon.queue.getJobLogs(first.id ?? '')
    expect(logs).toEqual(reasons.map((each) => `waits: ${each}`))
  })
})
