import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { startTracing, type RunningTracing } from '../../../src/adapters/opentelemetry/tracing.js'
import { telling } from '../../../src/adapters/opentelemetry/telling.js'
import { tracesWanted } from '../../../src/adapters/opentelemetry/wanted.js'
import { openTraces } from '../../../src/cli/traces.js'
import { emptyReport } from '../../../src/core/report.js'
import { openCollector, type Collector } from '../../support/collector.js'

const window = { from: 1_000, to: 1_010 }
const attempt = { pair: 'movies', window, audit: false, attempt: 1 }

describe('traces are asked for', () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }
  test.each([
    [{}, { kind: 'no' }],
    [{ OTEL_SERVICE_NAME: 'x' }, { kind: 'no' }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, { kind: 'no' }],
    [endpoint, { kind: 'yes', protocol: 'http/protobuf' }],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://x' }, { kind: 'yes', protocol: 'http/protobuf' }],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, { kind: 'yes', protocol: 'http/protobuf' }],
    [
      { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
      { kind: 'yes', protocol: 'http/json' },
    ],
    [
      { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' },
      { kind: 'yes', protocol: 'http/json' },
    ],
    [{ ...endpoint, OTEL_SDK_DISABLED: 'TRUE' }, { kind: 'no' }],
    [{ ...endpoint, OTEL_TRACES_EXPORTER: 'none' }, { kind: 'no' }],
    [
      { ...endpoint, OTEL_TRACES_EXPORTER: 'zipkin' },
      { kind: 'unsupported', why: 'OTEL_TRACES_EXPORTER is "zipkin"; only otlp is known here' },
    ],
    [
      { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      { kind: 'unsupported', why: 'the protocol of OTLP is "grpc"; http/protobuf and http/json are known here' },
    ],
  ] as const)('by the standard variables %j', (env, wanted) => {
    expect(tracesWanted(env)).toEqual(wanted)
  })

  it('what is not supported is told, and the service does without', async () => {
    const told: string[] = []
    const env = { OTEL_TRACES_EXPORTER: 'console' }
    expect(await openTraces(env, 'all', (text) => told.push(text))).toBeUndefined()
    expect(told).toEqual(['no traces: OTEL_TRACES_EXPORTER is "console"; only otlp is known here'])
  })
})

describe('spans', () => {
  let collector: Collector
  let tracing: RunningTracing | undefined
  const told: string[] = []
  const start = async (protocol: 'http/json' | 'http/protobuf', status?: number): Promise<RunningTracing> => {
    collector = await openCollector(status)
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = collector.url
    tracing = startTracing({ protocol, version: '1.2.3', role: 'worker', tell: (text) => told.push(text) })
    return tracing
  }
  beforeEach(() => void told.splice(0))
  afterEach(async () => {
    await tracing?.stop(1_000)
    tracing = undefined
    delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT']
    delete process.env['OTEL_SERVICE_NAME']
    await collector.close()
  })

  it('of a window lie in one trace, from its planning to its end, with pair, range and counts', async () => {
    const { planned, attempted, stop } = await start('http/json')
    const later = { from: 1_010, to: 1_020 }
    const carried = await planned('movies', [window, later], async (metadata) => metadata)
    const report = { ...emptyReport('movies', window), written: { elasticsearch: 2, cassandra: 3 } }
    expect(await attempted(attempt, carried, async () => report)).toBe(report)
    await stop(1_000)

    const spans = new Map(collector.spans().map((span) => [span.name, span]))
    const [planning, syncing] = [spans.get('plan windows'), spans.get('sync window')]
    expect(planning?.attributes).toEqual({
      'caes.pair': 'movies',
      'caes.window.from': 1_000,
      'caes.window.to': 1_020,
      'caes.windows': 2,
    })
    expect(syncing).toMatchObject({ traceId: planning?.traceId, parentSpanId: planning?.spanId })
    expect(syncing?.attributes).toMatchObject({
      'caes.pair': 'movies',
      'caes.window.from': 1_000,
      'caes.window.to': 1_010,
      'caes.written.elasticsearch': 2,
      'caes.written.cassandra': 3,
    })
    expect(syncing?.resource).toMatchObject({
      'service.name': 'caes-sync',
      'service.version': '1.2.3',
      'caes.role': 'worker',
    })
    expect(told).toEqual([])
  })

  it('go out as protobuf where nothing else is asked for, under the name that the environment gives', async () => {
    process.env['OTEL_SERVICE_NAME'] = 'films'
    const { attempted, stop } = await start('http/protobuf')
    await attempted(attempt, undefined, async () => emptyReport('movies', window))
    await stop(1_000)
    expect(collector.requests.map(({ path, type }) => [path, type])).toEqual([['/v1/traces', 'application/x-protobuf']])
    const body = collector.requests[0]!.body.toString('latin1')
    for (const word of ['sync window', 'movies', 'films']) expect(body).toContain(word)
  })

  it('of a failed attempt say why, and the failure goes on', async () => {
    const { attempted, failed, stop } = await start('http/json')
    const work = async (): Promise<never> => {
      failed('CAES_CASSANDRA_DOWN: nobody answers')
      throw new Error('put off')
    }
    await expect(attempted(attempt, undefined, work)).rejects.toThrow('put off')
    await stop(1_000)
    expect(collector.spans()).toMatchObject([{ status: { code: 2, message: 'CAES_CASSANDRA_DOWN: nobody answers' } }])
  })

  test.each(['{', '"x"', '{"traceparent":"junk"}', 'null'])(
    'of a job that carries %s begin a trace of their own',
    async (carried) => {
      const { attempted, stop } = await start('http/json')
      await attempted(attempt, carried, async () => emptyReport('movies', window))
      await stop(1_000)
      expect(collector.spans()).toHaveLength(1)
      expect(collector.spans()[0]?.parentSpanId).toBeUndefined()
    },
  )

  it('that do not arrive are told of', async () => {
    const { attempted, stop } = await start('http/json', 400)
    await attempted(attempt, undefined, async () => emptyReport('movies', window))
    await stop(5_000)
    expect(told).toEqual([expect.stringMatching(/^traces do not arrive at the collector, and are dropped: /)])
  })
})

it('a collector that is away is told of once, and once that it is back', () => {
  const told: string[] = []
  const answers = [new Error('away\u001b[2J'), new Error('away'), undefined, undefined, new Error('again')]
  const exporter = telling(
    {
      export: (_spans, done) => {
        const error = answers.shift()
        done({ code: error === undefined ? 0 : 1, error } as never)
      },
      shutdown: () => Promise.resolve(),
    },
    (text) => told.push(text),
  )
  const heard: number[] = []
  while (answers.length > 0) exporter.export([], ({ code }) => heard.push(code))
  expect(told).toEqual([
    'traces do not arrive at the collector, and are dropped: away\\u{1b}[2J',
    'traces arrive at the collector again',
    'traces do not arrive at the collector, and are dropped: again',
  ])
  expect(heard).toEqual([1, 1, 0, 0, 1])
})
