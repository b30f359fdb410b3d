import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { partId, windowId } from '../../../src/adapters/bullmq/window-id.js'
import { createWindowQueue } from '../../../src/adapters/bullmq/window-queue.js'
import { openRedis } from '../../../src/adapters/bullmq/connection.js'
import { CaesError } from '../../../src/core/errors.js'
import { allIds, type WindowPart } from '../../../src/core/window-part.js'
import { startAt } from '../../../src/core/progress.js'
import { merged, uncovered, type Window } from '../../../src/core/window.js'
import type { WorkerDeps } from '../../../src/daemon/worker.js'
import { daemonFixture, pairName, quietResult, redisUrl, type DaemonFixture } from '../../support/daemon/fixture.js'
import { until } from '../../support/eventually.js'
import { openLine } from '../../support/tcp-line.js'

let daemon: DaemonFixture
beforeEach(async () => {
  daemon = await daemonFixture()
})
afterEach(() => daemon.close())

const window: Window = { from: 100, to: 200 }
const parts: readonly WindowPart[] = [
  { from: 80, to: 150, ids: allIds },
  { from: 150, to: 151, ids: { index: 0, of: 2 } },
  { from: 150, to: 151, ids: { index: 1, of: 2 } },
  { from: 151, to: 200, ids: allIds },
]
const idOf = (part: WindowPart): string => partId(windowId(pairName, window), part)

/** One window, handed out as a planner would, without one. */
const enqueue = async (): Promise<void> => {
  const link = openRedis(daemon.redis, 'producer', 'test planner', daemon.logger)
  await link.untilReady(5_000)
  const queue = createWindowQueue(link, { prefix: daemon.redis.prefix, attempts: 2, backoffMs: 10 })
  await queue.enqueue(pairName, [window])
  await queue.close()
  link.close()
}

type Run = WorkerDeps['runWindow']

/** Divides the window, and counts one record written for each run of a part. */
const dividing = (into: readonly WindowPart[] = parts) => {
  const done: string[] = []
  const run: Run = async (pair, each, _signal, { part }) => {
    if (part === undefined) return each.from === window.from ? { parts: into } : quietResult(pair, each)
    const result = quietResult(pair, part)
    result.report.written.cassandra = 1
    done.push(partId(windowId(pair, each), part))
    return result
  }
  return { done, run }
}

const stateOf = async (id: string): Promise<string | undefined> => (await daemon.queue.getJob(id))?.getState()
const waitsForItsParts = (): Promise<true> =>
  until(
    'the window waits for its parts',
    async () => (await stateOf(windowId(pairName, window))) === 'waiting-children',
  )
const isAcknowledged = (): Promise<true> => until('it is acknowledged', () => daemon.watermark() === window.to)

describe('a window that is divided', () => {
  beforeEach(() => daemon.checkpoints.reset(pairName, startAt(window.from)))

  it('is acknowledged once all of its parts are done, each of them once, by whichever worker', async () => {
    const { done, run } = dividing()
    await enqueue()
    await daemon.worker(run, { concurrency: 1 })
    await daemon.worker(run, { concurrency: 1 })
    await isAcknowledged()
    expect([...done].sort()).toEqual(parts.map(idOf).sort())
    expect(daemon.acknowledged).toEqual([window])
    const job = await until('it is completed', () => daemon.queue.getJob(windowId(pairName, window)))
    await until('its report is there', async () => (await job.getState()) === 'completed')
    const { returnvalue, data } = (await daemon.queue.getJob(job.id!))!
    expect(returnvalue).toMatchObject({ ...window, written: { elasticsearch: 0, cassandra: parts.length } })
    expect(data.parts).toEqual(parts)
  })

  it('counts its records once, and itself as one window', async () => {
    const { run } = dividing()
    await enqueue()
    const worker = await daemon.worker(run)
    await isAcknowledged()
    const text = (): Promise<string> => fetch(`${worker.url}/metrics`).then((answer) => answer.text())
    const windows = /^caes_sync_windows_total\{pair="default",status="completed"\} (\d+)$/m
    await until('it is counted', async () => windows.test(await text()))
    expect(windows.exec(await text())?.[1]).toBe('1')
    const written = /direction="to_cassandra",result="written"\} (\d+)$/m
    expect(written.exec(await text())?.[1]).toBe(String(parts.length))
  })

  it('is open to the planner while it waits: nothing of it is handed out again', async () => {
    const { run } = dividing()
    let finish = (): void => undefined
    const held = new Promise<void>((resolve) => (finish = resolve))
    await enqueue()
    await daemon.worker(async (...args) => {
      if (args[3].part !== undefined) await held
      return run(...args)
    })
    await waitsForItsParts()
    const link = openRedis(daemon.redis, 'producer', 'test planner', daemon.logger)
    await link.untilReady(5_000)
    const queue = createWindowQueue(link, { prefix: daemon.redis.prefix, attempts: 1, backoffMs: 10 })
    expect(await queue.open()).toEqual(new Map([[pairName, [window]]]))
    await queue.close()
    link.close()
    finish()
    await isAcknowledged()
  })

  it('waits for a part that failed, holds the watermark, and goes on by itself once that was retried', async () => {
    const { run } = dividing()
    const broken = parts[2]!
    let isBroken = true
    await enqueue()
    const board = await daemon.dashboard()
    await daemon.worker(async (...args) => {
      const [, , , { part }] = args
      if (isBroken && part?.from === broken.from && part.ids.index === broken.ids.index) {
        throw new CaesError('CAES_INTERNAL', 'a record that no rule fits')
      }
      return run(...args)
    })
    const failed = await until('the part stays failed', () => daemon.jobIn('failed'))
    expect(failed.id).toBe(idOf(broken))
    expect(failed.attemptsMade).toBe(2)
    await until('the others are done', async () => (await daemon.queue.getCompletedCount()) === parts.length - 1)
    expect(await stateOf(windowId(pairName, window))).toBe('waiting-children')
    expect(daemon.watermark()).toBe(window.from)

    const shown = await (await fetch(`${board.url}/board/api/queues?activeQueue=windows&status=failed`)).text()
    expect(shown).toContain(`${pairName} · 100 … 200 · part 150 … 151, ids 2 of 2`)
    isBroken = false
    const retry = await fetch(`${board.url}/board/api/queues/windows/${encodeURIComponent(failed.id!)}/retry`, {
      method: 'PUT',
    })
    expect(retry.status).toBe(204)
    await isAcknowledged()
    expect(daemon.acknowledged).toEqual([window])
  })

  it('adds a part again whose job was removed', async () => {
    const { done, run } = dividing()
    let isBroken = true
    await enqueue()
    await daemon.worker(async (...args) => {
      if (isBroken && args[3].part?.from === 151) throw new CaesError('CAES_INTERNAL', 'no')
      return run(...args)
    })
    const failed = await until('a part fails', () => daemon.jobIn('failed'))
    isBroken = false
    await failed.remove()
    await isAcknowledged()
    expect([...done].sort()).toEqual(parts.map(idOf).sort())
  })

  it('is divided anew after its job was removed with all parts, and takes nothing over', async () => {
    const { done, run } = dividing()
    let isBroken = true
    const scheduler = { intervalMs: 100, pairs: [{ ...daemon.pair, cadence: { step: 100, maxOpen: 10 } }] }
    daemon.checkpoints.reset(pairName, startAt(Date.now() - 1_000))
    const first = (): number => daemon.checkpoints.history.at(1)?.progress.watermark ?? 0
    const start = first()
    const own: WindowPart[] = [
      { from: start - 5, to: start + 1, ids: allIds },
      { from: start + 1, to: start + 2, ids: allIds },
    ]
    await daemon.scheduler(scheduler)
    await daemon.worker(async (pair, each, signal, options) => {
      const { part } = options
      if (each.from !== start) return quietResult(pair, each)
      if (part === undefined) return { parts: own }
      if (isBroken && part.from === start + 1) throw new CaesError('CAES_INTERNAL', 'no')
      return run(pair, each, signal, options)
    })
    const failed = await until('a part fails', () => daemon.jobIn('failed'))
    const whole = await daemon.queue.getJob(failed.id!.split('+')[0]!)
    await until('the other part is done', () => done.length === 1)
    isBroken = false
    await whole?.remove()
    await until('the watermark moves', () => daemon.watermark() > start + 1_000)
    expect(done).toHaveLength(3)
  })

  it('trusts no part that was done for an earlier run', async () => {
    const { done, run } = dividing()
    await daemon.worker(run)
    await enqueue()
    await isAcknowledged()
    await until('its job is done', async () => (await stateOf(windowId(pairName, window))) === 'completed')
    daemon.checkpoints.reset(pairName, startAt(window.from))
    await enqueue()
    await isAcknowledged()
    expect(done).toHaveLength(2 * parts.length)
  })

  it('is done although two workers divided it differently', async () => {
    const { done, run } = dividing()
    const others: WindowPart[] = [{ from: 80, to: 200, ids: allIds }]
    let finish = (): void => undefined
    const held = new Promise<void>((resolve) => (finish = resolve))
    await enqueue()
    await daemon.worker(async (...args) => {
      if (args[3].part !== undefined) await held
      return run(...args)
    })
    await waitsForItsParts()
    // As a worker that lost its lock while it counted, and does not know yet.
    const job = await daemon.queue.getJob(windowId(pairName, window))
    await job!.updateData({ ...job!.data, parts: others })
    finish()
    await isAcknowledged()
    expect(done).toContain(idOf(others[0]!))
    expect(daemon.acknowledged).toEqual([window])
  })

  it.each([
    ['what it is divided into is noted', '"parts":[', 'request'],
    ['what it is divided into was noted', '"parts":[', 'answer'],
    ['its parts are added', '"part":{', 'request'],
    ['its parts were added', '"part":{', 'answer'],
    ['it is put among those that wait', ':unsuccessful', 'request'],
    ['it was put among those that wait', ':unsuccessful', 'answer'],
    ['a part is completed', '"written":{"elasticsearch":0,"cassandra":1}', 'request'],
    ['a part was completed', '"written":{"elasticsearch":0,"cassandra":1}', 'answer'],
  ] as const)('survives a worker that dies when %s', async (_, bytes, hold) => {
    const { hostname, port } = new URL(redisUrl)
    const line = await openLine(hostname, Number(port === '' ? '6379' : port))
    const { done, run } = dividing()
    try {
      await enqueue()
      const dying = { redis: { url: `redis://127.0.0.1:${line.port}`, prefix: daemon.redis.prefix } }
      const trap = line.trap({ bytes, hold })
      const victim = await daemon.worker(run, { ...dying, concurrency: 1, lockMs: 500 })
      await trap.caught
      // What it does from now on nobody hears of.
      await line.cut()
      await daemon.worker(run, { lockMs: 500 })
      await isAcknowledged()
      expect(daemon.acknowledged).toEqual([window])
      expect(new Set(done)).toEqual(new Set(parts.map(idOf)))
      await victim.stop(0)
    } finally {
      await line.close()
    }
  })
})

describe('a queue that is lost', () => {
  it('while parts are open: their windows are planned again, divided again, and all is done', async () => {
    const gap = Date.now() - 2_000
    daemon.checkpoints.reset(pairName, startAt(gap))
    const halves = ({ from, to }: Window): WindowPart[] => [
      { from: from - 10, to: from + 1, ids: allIds },
      { from: from + 1, to, ids: allIds },
    ]
    const covered: Window[] = []
    let open = false
    await daemon.scheduler()
    await daemon.worker(
      async (pair, each, _signal, { part }) => {
        if (part === undefined) return each.to - each.from < 2 ? quietResult(pair, each) : { parts: halves(each) }
        await until('the queue was lost', () => open)
        covered.push(part)
        return quietResult(pair, part)
      },
      { lockMs: 500, concurrency: 4 },
    )
    await until('parts are open', async () => (await daemon.queue.getWaitingChildrenCount()) > 2)
    await daemon.loseRedis()
    open = true
    await until('the watermark moves on', () => daemon.watermark() > gap + 2_500, 40_000)
    expect(uncovered({ from: gap, to: daemon.watermark() }, merged(covered))).toEqual([])
    expect(uncovered({ from: gap, to: daemon.watermark() }, daemon.acknowledged)).toEqual([])
  })
})
