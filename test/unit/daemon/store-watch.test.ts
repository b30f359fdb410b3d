import { beforeEach, describe, expect, it } from 'vitest'
import { CaesError, type ErrorCode } from '../../../src/core/errors.js'
import { breakerRules, createStoreWatch, type SharedStore } from '../../../src/daemon/store-watch.js'
import type { StoreWatch } from '../../../src/ports/store-watch.js'
import { testLogger } from '../../support/daemon/memory-ports.js'

const elasticsearch: SharedStore = { side: 'elasticsearch', name: 'http://es:9200' }
const cassandra: SharedStore = { side: 'cassandra', name: '10.0.0.1:9042' }
const other: SharedStore = { side: 'elasticsearch', name: 'http://other:9200' }
const stores = new Map([
  ['a', [elasticsearch, cassandra]],
  ['b', [elasticsearch, cassandra]],
  ['c', [other, cassandra]],
])

let time: number
let logger: ReturnType<typeof testLogger>
let up: Map<string, boolean>
let watch: StoreWatch

beforeEach(() => {
  time = 1_000_000
  logger = testLogger()
  up = new Map()
  watch = createStoreWatch(stores, breakerRules(60_000), {
    logger,
    metrics: { storeObserved: ({ name }, isUp) => void up.set(name, isUp) },
    now: () => time,
    random: () => 0,
  })
})

const fails = (pair: string, code: ErrorCode = 'CAES_ELASTICSEARCH_DOWN'): void =>
  watch.ended(pair, { kind: 'failed', error: new CaesError(code, 'no answer') })
const open = (code?: ErrorCode): void => {
  for (let failure = 0; failure < 3; failure += 1) fails('a', code)
}
const said = (level: string): string[] =>
  logger.lines.filter((line) => line.level === level).map(({ message }) => message)

describe('the watch over the stores', () => {
  it('lets windows start while stores answer, and says that they are up', () => {
    for (const pair of stores.keys()) expect(watch.gate(pair)).toBeUndefined()
    expect(watch.fault()).toBeUndefined()
    expect([...up]).toEqual([elasticsearch, cassandra, other].map(({ name }) => [name, true]))
  })

  it('keeps all pairs waiting that share a store which failed a few times in a row, and no other', () => {
    fails('a')
    fails('b')
    expect(watch.gate('a')).toBeUndefined()
    fails('a')
    const closed = { reason: 'Elasticsearch at http://es:9200 is away or overloaded', retryInMs: 500 }
    expect(watch.gate('a')).toEqual(closed)
    expect(watch.gate('b')).toEqual(closed)
    expect(watch.gate('c')).toBeUndefined()
    expect(watch.fault()).toContain('CAES_ELASTICSEARCH_DOWN: no answer')
    expect(Object.fromEntries(up)).toEqual({
      'http://es:9200': false,
      '10.0.0.1:9042': true,
      'http://other:9200': true,
    })
  })

  it('starts to count anew when a window succeeds in between', () => {
    fails('a')
    fails('a')
    watch.ended('b', { kind: 'done' })
    fails('a')
    fails('a')
    expect(watch.gate('a')).toBeUndefined()
  })

  it('lets one window find out, looks again soon while it does, and opens for all when it succeeds', () => {
    open()
    time += 500
    expect(watch.gate('a')).toBeUndefined()
    expect(watch.gate('b')).toMatchObject({ retryInMs: 1_000 })
    watch.ended('a', { kind: 'done' })
    expect(watch.gate('b')).toBeUndefined()
    expect(watch.fault()).toBeUndefined()
    expect(up.get('http://es:9200')).toBe(true)
  })

  it('waits longer each time that the probe fails, up to a limit', () => {
    open()
    const waits: number[] = []
    for (let probe = 0; probe < 8; probe += 1) {
      const closed = watch.gate('a')
      waits.push(closed?.retryInMs ?? 0)
      time += closed?.retryInMs ?? 0
      expect(watch.gate('a')).toBeUndefined()
      fails('a')
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 7_500, 7_500, 7_500, 7_500])
  })

  it('takes one store for a store, not both', () => {
    open('CAES_CASSANDRA_TIMEOUT')
    expect(watch.gate('c')?.reason).toBe('Cassandra at 10.0.0.1:9042 is away or overloaded')
    fails('a')
    fails('a')
    fails('a')
    expect(watch.gate('a')?.reason).toBe(
      'Elasticsearch at http://es:9200 is away or overloaded; Cassandra at 10.0.0.1:9042 is away or overloaded',
    )
  })

  it.each(['CAES_ELASTICSEARCH_REFUSED', 'CAES_SCHEMA_MISMATCH', 'CAES_WINDOW_TOO_SLOW', 'CAES_INTERNAL'] as const)(
    'blames no store for %s',
    (code) => {
      for (let failure = 0; failure < 10; failure += 1) fails('a', code)
      expect(watch.gate('a')).toBeUndefined()
      expect(logger.lines).toEqual([])
    },
  )

  it('has the next window find out when the probe was cancelled or failed for another reason', () => {
    open()
    time += 500
    expect(watch.gate('a')).toBeUndefined()
    watch.ended('a', { kind: 'stopped' })
    expect(watch.gate('b')).toBeUndefined()
    fails('b', 'CAES_ELASTICSEARCH_REFUSED')
    expect(watch.gate('b')).toBeUndefined()
    expect(watch.gate('b')).toBeDefined()
  })

  it('says once that a store is away, and once that it is back', () => {
    open()
    for (let probe = 0; probe < 20; probe += 1) {
      time += 15_000
      watch.gate('a')
      fails('a')
    }
    time += 15_000
    watch.gate('a')
    watch.ended('a', { kind: 'done' })
    watch.ended('b', { kind: 'done' })
    const away = 'the store is away or overloaded; windows wait for it'
    const failure = 'window failed and comes again: CAES_ELASTICSEARCH_DOWN: no answer'
    expect(said('warn')).toEqual([failure, failure, failure, away])
    expect(said('info')).toEqual(['the store answers again; windows go on'])
    expect(logger.lines.at(-1)?.fields).toEqual({ store: 'Elasticsearch at http://es:9200', seconds: 315 })
  })

  it('knows nothing of a pair that is not configured, and lets its window fail by itself', () => {
    expect(watch.gate('unknown')).toBeUndefined()
    fails('unknown')
    expect(watch.fault()).toBeUndefined()
  })
})

describe('the longest pause', () => {
  it('is that of one interval, within limits', () => {
    expect([200, 2_000, 10_000, 60_000].map((interval) => breakerRules(interval).longestMs)).toEqual([
      1_000, 2_000, 10_000, 15_000,
    ])
  })
})
