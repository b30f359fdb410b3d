import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CaesError } from '../../../src/core/errors.js'
import type { Window } from '../../../src/core/window.js'
import { openPauseGate } from '../../../src/daemon/pause-gate.js'
import { until } from '../../support/eventually.js'
import { daemonFixture, pairName, quietResult, type DaemonFixture } from '../../support/daemon/fixture.js'

let daemon: DaemonFixture
const releases: (() => unknown)[] = []
beforeEach(async () => {
  daemon = await daemonFixture()
})
afterEach(async () => {
  for (const release of releases.splice(0).toReversed()) await release()
  await daemon.close()
})

const pause = { since: 1_700_000_000_000, who: 'ann' }

/** A worker as the command line starts it, with what it started. */
const pausableWorker = async () => {
  const started: Window[] = []
  const { gate, stop } = await openPauseGate([pairName], daemon.pauses, daemon.logger)
  releases.push(stop)
  await daemon.worker(
    async (pair, window) => {
      started.push(window)
      return quietResult(pair, window)
    },
    { gate },
  )
  return { started, gate }
}

describe('a paused pair', () => {
  it('has no window started, by a worker that was there and by one that comes later', async () => {
    await daemon.scheduler()
    await until('windows wait', async () => (await daemon.queue.getWaitingCount()) > 1)
    await daemon.pauses.pause(pairName, pause)
    const first = await pausableWorker()
    await until('what was handed out waits', async () => {
      const [waiting, delayed] = await Promise.all([daemon.queue.getWaitingCount(), daemon.queue.getDelayedCount()])
      return waiting === 0 && delayed > 1
    })
    const second = await pausableWorker()
    const job = await until('one came again', async () =>
      (await daemon.queue.getJobs(['delayed'])).find(({ attemptsStarted }) => attemptsStarted > 2),
    )
    expect([...first.started, ...second.started]).toEqual([])
    expect(job.progress).toMatchObject({ step: 'waits: paused by ann' })
    expect(job.attemptsMade).toBe(0)

    await daemon.pauses.resume(pairName)
    await until('the watermark passes it', () => daemon.watermark() > job.data.to)
    expect(daemon.logger.lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['paused: no window of this pair starts', 'resumed: windows of this pair start again']),
    )
  })

  it('stays paused when Redis has lost everything', async () => {
    await daemon.scheduler()
    const { started } = await pausableWorker()
    await until('it works', () => started.length > 2)
    await daemon.pauses.pause(pairName, pause)
    // Until the gate knows, what was handed out before may still start.
    const standstill = await until('it stands still', async () => {
      const open = await daemon.queue.getJobCountByTypes('waiting', 'active')
      const before = daemon.watermark()
      const planned = Date.now() - before > 2_000
      return open === 0 && planned && before
    })
    await daemon.loseRedis()
    await daemon.scheduler()
    await until('ticks come again', () => daemon.client.exists(`${daemon.redis.prefix}:ticks:completed`).then(Boolean))
    expect(await daemon.queue.getJobCountByTypes('waiting', 'active', 'delayed')).toBe(0)
    expect(daemon.watermark()).toBe(standstill)
    await daemon.pauses.resume(pairName)
    await until('it works again', () => daemon.watermark() > standstill + 2_000)
  })

  it('the gate keeps its last answer while the store does not answer', async () => {
    await daemon.pauses.pause(pairName, pause)
    let reads = 0
    const { gate, stop } = await openPauseGate(
      [pairName, 'other'],
      {
        read: async (pair) => {
          reads += 1
          if (reads > 2) throw new CaesError('CAES_CASSANDRA_DOWN', 'no answer')
          return daemon.pauses.read(pair)
        },
      },
      daemon.logger,
    )
    releases.push(stop)
    await until('it was asked again', () => reads > 3)
    expect(gate(pairName)).toMatchObject({ reason: 'paused by ann' })
    expect(gate('other')).toBeUndefined()
  })
})
