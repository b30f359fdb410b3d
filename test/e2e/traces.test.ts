import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCollector, type Collector } from '../support/collector.js'
import { until } from '../support/eventually.js'
import { idsOf } from '../support/ids.js'
import { openService, type ServiceFixture } from '../support/service.js'

let service: ServiceFixture
let collector: Collector

beforeAll(async () => {
  collector = await openCollector()
  service = await openService({ columns: 'user text, message text' })
})
afterAll(async () => {
  await service.close()
  await collector.close()
})

test('a window is one trace, from the scheduler that planned it to the requests of the worker that synced it', async () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '200',
  }
  await service.start('scheduler', env)
  await service.start('worker', env)
  const { pair } = service
  const [id] = idsOf(1, 'traced')
  const version = Math.floor(Date.now() / 1_000)
  await pair.elasticsearch.index({
    index: pair.name,
    id: id!,
    version,
    version_type: 'external',
    document: { timestamp: version, user: 'ann', message: 'nobody else may read this' },
  })

  const synced = await until('the window that carries it is traced', () =>
    collector.spans().find((span) => span.name === 'sync window' && span.attributes['caes.written.cassandra'] === 1),
  )
  const { traceId, attributes } = synced
  expect(attributes['caes.pair']).toBe('default')
  expect(Number(attributes['caes.window.from'])).toBeLessThanOrEqual(version + 20)
  expect(Number(attributes['caes.window.to'])).toBeGreaterThan(version)

  const trace = collector.spans().filter((span) => span.traceId === traceId)
  const planned = trace.find(({ name }) => name === 'plan windows')
  expect(planned).toMatchObject({ resource: { 'caes.role': 'scheduler' }, attributes: { 'caes.pair': 'default' } })
  expect(synced).toMatchObject({ parentSpanId: planned?.spanId, resource: { 'caes.role': 'worker' } })
  const requests = trace.filter(({ parentSpanId }) => parentSpanId === synced.spanId).map(({ name }) => name)
  expect(requests).toContain('search')

  const sent = Buffer.concat(collector.requests.map(({ body }) => body)).toString('utf8')
  expect(sent).not.toContain('nobody else may read this')
  expect(sent).not.toContain(id)
})
