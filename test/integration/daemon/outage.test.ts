import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { uncovered } from '../../../src/core/window.js'
import { until } from '../../support/eventually.js'
import { daemonFixture, quietResult, redisUrl, type DaemonFixture } from '../../support/daemon/fixture.js'
import { openLine, type TcpLine } from '../../support/tcp-line.js'

let daemon: DaemonFixture
let line: TcpLine
beforeEach(async () => {
  daemon = await daemonFixture()
  const { hostname, port } = new URL(redisUrl)
  line = await openLine(hostname, Number(port === '' ? '6379' : port))
})
afterEach(async () => {
  await daemon.close()
  await line.close()
})

const throughLine = () => ({ redis: { url: `redis://127.0.0.1:${line.port}`, prefix: daemon.redis.prefix } })
const status = async (url: string | undefined): Promise<number> => (await fetch(`${url}`)).status
const lines = (text: string): number => daemon.logger.lines.filter(({ message }) => message.includes(text)).length

describe('an outage of Redis', () => {
  it('is lived through: not ready but alive, one line in the log a connection, and no gap afterwards', async () => {
    const scheduler = await daemon.scheduler(throughLine())
    const worker = await daemon.worker(async (pair, window) => quietResult(pair, window), throughLine())
    const start = daemon.watermark()
    await until('it runs', () => daemon.watermark() > start)
    await line.cut()
    await until('not ready', async () => (await status(`${scheduler.url}/readyz`)) === 503)
    await until('not ready', async () => (await status(`${worker.url}/readyz`)) === 503)
    expect(await status(`${scheduler.url}/healthz`)).toBe(200)
    const cutAt = Date.now()
    // Several attempts to reconnect pass by.
    await until('time passes', () => Date.now() > cutAt + 2_000)
    expect(lines('Redis is out of reach')).toBe(4)
    await line.mend()
    await until('it goes on', () => daemon.watermark() > cutAt + 2_500, 40_000)
    expect(lines('Redis is back')).toBe(4)
    await until('ready', async () => (await status(`${scheduler.url}/readyz`)) === 200)
    expect(uncovered({ from: start, to: daemon.watermark() }, daemon.acknowledged)).toEqual([])
  })

  it('does not keep a process from stopping', async () => {
    const scheduler = await daemon.scheduler(throughLine())
    const start = daemon.watermark()
    let cut = false
    let running = 0
    // What it had in hand, or was just about to take, is free again when its lock has run out.
    const ofTheFirst = { ...throughLine(), lockMs: 500 }
    const worker = await daemon.worker(async (pair, window) => {
      running += 1
      if (running === 1) await until('the line is cut', () => cut)
      return quietResult(pair, window)
    }, ofTheFirst)
    await until('a window runs', () => running > 0)
    await line.cut()
    cut = true
    // Far longer than this test may take.
    await Promise.all([scheduler.stop(600_000), worker.stop(600_000)])
    const stoppedAt = Date.now()
    // What it had in hand was acknowledged or is still to be done; nothing is lost for the next one.
    await daemon.scheduler()
    await daemon.worker(async (pair, window) => quietResult(pair, window), { lockMs: 500 })
    await until('others go on', () => daemon.watermark() > stoppedAt)
    expect(uncovered({ from: start, to: daemon.watermark() }, daemon.acknowledged)).toEqual([])
  })

  it('is noticed when the line is silent instead of cut', async () => {
    const { url } = await daemon.dashboard(throughLine())
    line.silence('requests', 'answers')
    const answer = await fetch(`${url}/board/api/queues`)
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain(' at ')
  })
})
