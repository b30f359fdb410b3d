import { createServer } from 'node:net'
import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import { emptyReport } from '../../../src/core/report.js'
import { guard } from '../../../src/http/guard.js'
import { createHealth, healthRoutes } from '../../../src/http/health.js'
import { createMetrics } from '../../../src/http/metrics.js'
import { listen, privateAddress } from '../../../src/http/server.js'
import { testClock } from '../../support/daemon/memory-ports.js'

const second = 1_000_000

const ask = async (host: string, method: string, headers: Record<string, string>) => {
  const app = new Hono().use(guard(host))
  app.all('*', (context) => context.text('in'))
  return (await app.request('http://x/', { method, headers })).status
}

describe('the guard', () => {
  it('answers on the loopback only by the names of the loopback', async () => {
    expect(await ask('127.0.0.1', 'GET', { host: 'localhost:9464' })).toBe(200)
    expect(await ask('127.0.0.1', 'GET', { host: '127.0.0.1:9464' })).toBe(200)
    expect(await ask('127.0.0.1', 'GET', { host: 'evil.example:9464' })).toBe(403)
  })

  it('answers by any name where it was bound to be reached from outside', async () => {
    expect(await ask('0.0.0.0', 'GET', { host: 'sync.example' })).toBe(200)
  })

  it('refuses changes that another site makes a browser send', async () => {
    const host = 'localhost:9464'
    expect(await ask('127.0.0.1', 'PUT', { host, origin: 'http://evil.example' })).toBe(403)
    expect(await ask('127.0.0.1', 'PUT', { host, origin: 'null' })).toBe(403)
    expect(await ask('127.0.0.1', 'PUT', { host, origin: 'http://localhost:9464' })).toBe(200)
    expect(await ask('127.0.0.1', 'PUT', { host })).toBe(200)
  })

  it('believes a browser that says that another site asks, whatever the origin is', async () => {
    const host = 'localhost:9464'
    for (const site of ['cross-site', 'same-site']) {
      expect(await ask('127.0.0.1', 'POST', { host, 'sec-fetch-site': site })).toBe(403)
      expect(await ask('127.0.0.1', 'GET', { host, 'sec-fetch-site': site })).toBe(200)
    }
    for (const site of ['same-origin', 'none']) {
      expect(await ask('127.0.0.1', 'POST', { host, 'sec-fetch-site': site })).toBe(200)
    }
  })
})

describe('health', () => {
  it('is alive and not ready while a store is down, with the reason', async () => {
    const health = createHealth()
    health.add('worker', { ready: () => 'Redis is out of reach' })
    const routes = healthRoutes(health)
    expect((await routes.request('/healthz')).status).toBe(200)
    const ready = await routes.request('/readyz')
    expect(ready.status).toBe(503)
    expect(await ready.json()).toEqual({ ok: false, faults: [{ part: 'worker', reason: 'Redis is out of reach' }] })
  })

  it('is not alive when a part hangs', async () => {
    const health = createHealth()
    const remove = health.add('scheduler', { alive: () => 'hangs' })
    expect((await healthRoutes(health).request('/healthz')).status).toBe(503)
    remove()
    expect((await healthRoutes(health).request('/healthz')).status).toBe(200)
  })

  it('counts a check that fails as not ready', async () => {
    const health = createHealth()
    health.add('store', { ready: () => Promise.reject(new Error('no')) })
    expect(await health.ready()).toEqual([{ part: 'store', reason: 'CAES_INTERNAL: no' }])
  })
})

describe('metrics', () => {
  it('leave the lag out until it is known, then let it grow by itself', async () => {
    const clock = testClock(100 * second)
    const metrics = createMetrics(clock, '1.2.3')
    expect(await metrics.text()).not.toMatch(/^caes_sync_lag_seconds\{/m)
    metrics.observed('default', 90 * second, 2)
    expect(await metrics.text()).toContain('caes_sync_lag_seconds{pair="default",direction="to_cassandra"} 10')
    clock.advance(5 * second)
    const text = await metrics.text()
    expect(text).toContain('caes_sync_lag_seconds{pair="default",direction="to_elasticsearch"} 15')
    expect(text).toContain('caes_sync_watermark_timestamp_seconds{pair="default"} 90')
    expect(text).toContain('caes_sync_open_windows{pair="default"} 2')
    expect(text).toMatch(/caes_sync_build_info\{version="1.2.3",node="[^"]+"\} 1/)
  })

  it('count windows and records by result', async () => {
    const metrics = createMetrics(testClock(100 * second), '1')
    const report = { ...emptyReport('p', { from: 0, to: 1 }), unchanged: 4, ties: 2, durationMs: 300 }
    report.written.elasticsearch = 3
    metrics.recordsSynced(report)
    metrics.windowCompleted(report)
    metrics.windowNotCompleted('p', 'retried')
    const text = await metrics.text()
    for (const line of [
      'caes_sync_windows_total{pair="p",status="completed"} 1',
      'caes_sync_windows_total{pair="p",status="retried"} 1',
      'caes_sync_documents_total{pair="p",direction="to_elasticsearch",result="written"} 3',
      'caes_sync_documents_total{pair="p",direction="either",result="unchanged"} 4',
      'caes_sync_ties_total{pair="p"} 2',
      'caes_sync_window_duration_seconds_sum{pair="p"} 0.3',
      'caes_sync_last_success_timestamp_seconds{pair="p"} 100',
    ]) {
      expect(text).toContain(line)
    }
  })
})

describe('listening', () => {
  const closers: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })

  it('finds a free port of its own for port 0', async () => {
    const app = new Hono().get('/', (context) => context.text('hello'))
    const server = await listen(app, privateAddress)
    closers.push(() => server.close())
    expect(await (await fetch(server.url)).text()).toBe('hello')
  })

  it('names the key when the port is taken', async () => {
    const taken = createServer()
    closers.push(() => taken.close())
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port))
    })
    const attempt = listen(new Hono(), { host: '127.0.0.1', port, key: 'http.listen' })
    await expect(attempt).rejects.toMatchObject({ code: 'CAES_PORT_TAKEN', where: 'http.listen' })
  })
})
