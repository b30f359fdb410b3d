import { afterEach, beforeEach, expect, it } from 'vitest'
import { createWindowHistory } from '../../../src/adapters/bullmq/window-history.js'
import { startAt } from '../../../src/core/progress.js'
import { daemonFixture, pairName, quietResult, type DaemonFixture } from '../../support/daemon/fixture.js'
import { until } from '../../support/eventually.js'

let daemon: DaemonFixture
beforeEach(async () => {
  daemon = await daemonFixture()
})
afterEach(() => daemon.close())

it('remembers what is done, reads only what is new, and keeps it when Redis has forgotten', async () => {
  await daemon.scheduler()
  await daemon.worker(async (pair, window) => {
    const result = quietResult(pair, window)
    result.report.unchanged = 5
    return result
  })
  await until('some are done', async () => (await daemon.queue.getCompletedCount()) > 3)
  const read: string[] = []
  const getJob = daemon.queue.getJob.bind(daemon.queue)
  daemon.queue.getJob = (id) => {
    read.push(id)
    return getJob(id)
  }
  const history = createWindowHistory(daemon.queue, 'here')
  const first = await history.done()
  const windows = first.byPair.get(pairName)!
  expect(windows.length).toBeGreaterThan(3)
  for (const { from, to, ended, report } of windows) {
    expect(report).toMatchObject({ pair: pairName, from, to, unchanged: 5 })
    expect(ended).toBeGreaterThan(to * 1_000)
  }
  expect(first.completeSince).toBe(Math.min(...windows.map(({ ended }) => ended)))

  await until('more are done', async () => (await history.done()).byPair.get(pairName)!.length > windows.length + 2)
  expect(new Set(read).size).toBe(read.length)
  const known = (await history.done()).byPair.get(pairName)!.length
  await daemon.loseRedis()
  expect((await history.done()).byPair.get(pairName)!.length).toBeGreaterThanOrEqual(known)
})

it('is empty, and complete since no time, before anything was done', async () => {
  daemon.checkpoints.reset(pairName, startAt(0))
  const { byPair, completeSince } = await createWindowHistory(daemon.queue, 'here').done()
  expect([...byPair]).toEqual([])
  expect(completeSince).toBeUndefined()
})
