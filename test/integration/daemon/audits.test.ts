import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRedis } from '../../../src/adapters/bullmq/connection.js'
import { auditId } from '../../../src/adapters/bullmq/window-id.js'
import { createWindowQueue, type BullWindowQueue } from '../../../src/adapters/bullmq/window-queue.js'
import { CaesError } from '../../../src/core/errors.js'
import { startAt } from '../../../src/core/progress.js'
import type { Window } from '../../../src/core/window.js'
import { allIds, type WindowPart } from '../../../src/core/window-part.js'
import { daemonFixture, pairName, quietResult, type DaemonFixture } from '../../support/daemon/fixture.js'
import { until } from '../../support/eventually.js'

let daemon: DaemonFixture
let queue: BullWindowQueue
const releases: (() => unknown)[] = []
beforeEach(async () => {
  daemon = await daemonFixture()
  const link = openRedis(daemon.redis, 'producer', 'test planner', daemon.logger)
  releases.push(() => link.close())
  await link.untilReady(5_000)
  queue = createWindowQueue(link, { prefix: daemon.redis.prefix, attempts: 1, backoffMs: 10 })
  releases.push(() => queue.close())
  daemon.checkpoints.reset(pairName, startAt(100))
})
afterEach(async () => {
  for (const release of releases.splice(0).toReversed()) await release()
  await daemon.close()
})

const window: Window = { from: 100, to: 200 }
const past: readonly Window[] = [
  { from: 20, to: 40 },
  { from: 40, to: 60 },
]
const stateOf = async (id: string): Promise<string | undefined> => (await daemon.queue.getJob(id))?.getState()
const ids = past.map((each) => auditId(pairName, each))
const allAre = (state: string): Promise<true> =>
  until(`all audits are ${state}`, async () => (await Promise.all(ids.map(stateOf))).every((each) => each === state))

describe('an audit in the queue', () => {
  it('comes after ordinary windows, is not acknowledged, and is no open window', async () => {
    expect(await queue.enqueueAudit(pairName, 7, past)).toBe(true)
    await queue.enqueue(pairName, [window])
    expect(await queue.open()).toEqual(new Map([[pairName, [window]]]))
    const order: (readonly [number, boolean])[] = []
    await daemon.worker(
      async (pair, each, _signal, { audit }) => {
        order.push([each.from, audit])
        return quietResult(pair, each)
      },
      { concurrency: 1 },
    )
    await allAre('completed')
    expect(order).toEqual([
      [100, false],
      [20, true],
      [40, true],
    ])
    expect(daemon.acknowledged).toEqual([window])
  })

  it('is added once, and dropped while another is under way; later ones come again', async () => {
    expect(await queue.enqueueAudit(pairName, 7, past)).toBe(true)
    expect(await queue.enqueueAudit(pairName, 7, past)).toBe(false)
    expect(await queue.enqueueAudit(pairName, 8, past)).toBe(false)
    expect(await queue.enqueueAudit('other', 8, past)).toBe(true)
    const runs: number[] = []
    await daemon.worker(async (pair, each) => {
      if (pair === pairName) runs.push(each.from)
      return quietResult(pair, each)
    })
    await allAre('completed')
    expect(await queue.enqueueAudit(pairName, 7, past)).toBe(false)
    expect(await queue.enqueueAudit(pairName, 8, past)).toBe(true)
    await until('it ran again', () => runs.length === 4)
    expect(runs.toSorted((a, b) => a - b)).toEqual([20, 20, 40, 40])
  })

  it('that failed does not keep the next one from coming, nor holds the watermark', async () => {
    let isBroken = true
    await queue.enqueueAudit(pairName, 7, past)
    await daemon.worker(async (pair, each, _signal, { audit }) => {
      if (isBroken && audit) throw new CaesError('CAES_INTERNAL', 'no')
      return quietResult(pair, each)
    })
    await allAre('failed')
    await queue.enqueue(pairName, [window])
    await until('the watermark moves', () => daemon.watermark() === window.to)
    isBroken = false
    expect(await queue.enqueueAudit(pairName, 8, past)).toBe(true)
    await allAre('completed')
  })

  it('is divided like a window; a part that fails ends it, and the next one starts afresh', async () => {
    const parts: WindowPart[] = [
      { from: 20, to: 30, ids: allIds },
      { from: 30, to: 40, ids: allIds },
    ]
    let isBroken = true
    const done: number[] = []
    await queue.enqueueAudit(pairName, 7, past)
    await daemon.worker(async (pair, each, _signal, { part, audit }) => {
      expect(audit).toBe(true)
      if (each.from !== 20) return quietResult(pair, each)
      if (part === undefined) return { parts }
      if (isBroken && part.from === 30) throw new CaesError('CAES_INTERNAL', 'no')
      done.push(part.from)
      return quietResult(pair, part)
    })
    await until('it fails', async () => (await stateOf(ids[0]!)) === 'failed')
    await until('the other part is done', () => done.length === 1)
    await until('the other window is done', async () => (await stateOf(ids[1]!)) === 'completed')
    isBroken = false
    await until('the next one is added', () => queue.enqueueAudit(pairName, 8, past))
    await allAre('completed')
    expect(done.toSorted((a, b) => a - b)).toEqual([20, 20, 30])
    expect(daemon.acknowledged).toEqual([])
  })

  it('counts and tells what it wrote as late', async () => {
    await queue.enqueueAudit(pairName, 7, past)
    const worker = await daemon.worker(async (pair, each) => {
      const result = quietResult(pair, each)
      result.report.written.cassandra = 2
      return result
    })
    await allAre('completed')
    const text = await (await fetch(`${worker.url}/metrics`)).text()
    expect(text).toContain('caes_sync_late_writes_total{pair="default",direction="to_cassandra"} 4')
    expect(text).toContain('caes_sync_late_writes_total{pair="default",direction="to_elasticsearch"} 0')
    const told = daemon.logger.lines.filter(({ message }) => message.includes('an audit caught writes'))
    expect(told).toMatchObject([{ level: 'warn', fields: { written: { cassandra: 2 } } }, {}])
  })
})
