import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openRedis } from '../../../src/adapters/bullmq/connection.js'
import { shownPlace } from '../../../src/adapters/bullmq/redis-client.js'
import { jobFailure } from '../../../src/adapters/bullmq/failure.js'
import { partId, partOfId, windowId, windowOfId } from '../../../src/adapters/bullmq/window-id.js'
import { readJobData } from '../../../src/adapters/bullmq/window-job.js'
import { errorText } from '../../../src/core/error-text.js'
import { CaesError } from '../../../src/core/errors.js'
import { allIds, type WindowPart } from '../../../src/core/window-part.js'
import { emptyReport } from '../../../src/core/report.js'
import { versionLabel, windowLabel } from '../../../src/core/window-label.js'
import { windowJobName } from '../../../src/http/board.js'
import { testLogger } from '../../support/daemon/memory-ports.js'

describe('the id of a window', () => {
  it('is readable', () => {
    expect(windowId('default', { from: 1427254200, to: 1427254260 })).toBe('default.1427254200-1427254260')
  })

  it('suits BullMQ and says again which window it is, for any name of a pair', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), fc.nat(), fc.nat(), (pair, from, length) => {
        const window = { from, to: from + length }
        const id = windowId(pair, window)
        expect(id).not.toContain(':')
        expect(id).not.toMatch(/^\d+$/)
        expect(windowOfId(id)).toEqual({ pair, window })
      }),
    )
  })

  it('is not taken from ids that others made', () => {
    for (const id of ['17', 'repeat:tick:5', 'a.b', 'a%.1-2', 'a b.1-2', '']) expect(windowOfId(id)).toBeUndefined()
  })
})

describe('the id of a part', () => {
  const shares = fc
    .integer({ min: 1, max: 99 })
    .chain((of) => fc.record({ index: fc.nat(of - 1), of: fc.constant(of) }))
  const parts = fc
    .tuple(fc.nat(), fc.integer({ min: 1, max: 99 }), shares)
    .map(([from, length, ids]): WindowPart => ({ from, to: from + length, ids }))

  it('is readable', () => {
    const part = { from: 10, to: 20, ids: { index: 1, of: 5 } }
    expect(partId('default.0-60', part)).toBe('default.0-60+10-20.2of5')
    expect(partId('default.0-60', { ...part, ids: allIds })).toBe('default.0-60+10-20')
  })

  it('says again which part of which window it is, and is never taken for that of a window', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), fc.nat(), parts, (pair, from, part) => {
        const window = { from, to: from + 100 }
        const id = partId(windowId(pair, window), part)
        expect(id).not.toContain(':')
        expect(partOfId(id)).toEqual({ pair, window, part })
        expect(windowOfId(id)).toBeUndefined()
        expect(partOfId(windowId(pair, window))).toBeUndefined()
      }),
    )
  })

  it('is not taken from ids that others made', () => {
    for (const id of ['a.1-2+', 'a.1-2+3', 'a.1-2+3-4.1of1', 'a.1-2+3-4.01of2', '+3-4', 'a+3-4']) {
      expect(partOfId(id)).toBeUndefined()
    }
  })
})

describe('the data of a job', () => {
  const part = { from: 1, to: 2, ids: { index: 0, of: 2 } }

  it('may name the part, or what the window was divided into', () => {
    const window = { pair: 'a', from: 1, to: 2 }
    expect(readJobData({ ...window, part })).toEqual({ pair: 'a', window: { from: 1, to: 2 }, part })
    expect(readJobData({ ...window, parts: [part] })).toMatchObject({ parts: [part] })
    const broken = [null, {}, { ...part, ids: undefined }, { ...part, ids: { index: 2, of: 2 } }, { ...part, to: 1 }]
    for (const each of broken) {
      expect(() => readJobData({ ...window, part: each })).toThrow(CaesError)
      expect(() => readJobData({ ...window, parts: [part, each] })).toThrow(CaesError)
    }
    expect(() => readJobData({ ...window, parts: [] })).toThrow(CaesError)
    expect(() => readJobData({ ...window, parts: 'all' })).toThrow(CaesError)
  })

  it('must be a window of a pair', () => {
    expect(readJobData({ pair: 'a', from: 1, to: 2 })).toEqual({ pair: 'a', window: { from: 1, to: 2 } })
    for (const data of [null, {}, { pair: 'a' }, { pair: 'a', from: 2, to: 2 }, { pair: 'a', from: 0.5, to: 2 }]) {
      expect(() => readJobData(data)).toThrow(CaesError)
    }
  })
})

describe('the failure of a job', () => {
  it('shows code, place and hint, and never a stack', () => {
    const failure = jobFailure(new CaesError('CAES_CASSANDRA_DOWN', 'no host', { where: '10.0.0.1', hint: 'start it' }))
    expect(failure.message).toBe('CAES_CASSANDRA_DOWN: no host (10.0.0.1); start it')
    expect(failure.stack).toBe(failure.message)
    expect(failure.name).toBe('Error')
  })

  it('is final only for faults of configuration and schema', () => {
    expect(jobFailure(new CaesError('CAES_SCHEMA_MISMATCH', 'no column')).name).toBe('UnrecoverableError')
    expect(jobFailure(new CaesError('CAES_ELASTICSEARCH_REFUSED', 'no')).name).toBe('Error')
    expect(jobFailure(new TypeError('bug')).name).toBe('Error')
  })

  it('calls everything unexpected a bug', () => {
    expect(errorText(new TypeError('x is undefined'))).toBe('CAES_INTERNAL: x is undefined')
    expect(errorText('text')).toBe('CAES_INTERNAL: text')
  })
})

describe('labels', () => {
  it('show versions that are times in UTC and logical ones as numbers', () => {
    expect(versionLabel(1427254200, 's')).toBe('2015-03-25T03:30:00Z')
    expect(versionLabel(1427254200123, 'ms')).toBe('2015-03-25T03:30:00.123Z')
    expect(versionLabel(11, 's')).toBe('11')
  })

  it('name the day of a window once', () => {
    expect(windowLabel({ from: 1427254200, to: 1427254260 }, 's')).toBe('2015-03-25T03:30:00Z … 03:31:00Z')
    expect(windowLabel({ from: 1427241540, to: 1427241600 }, 's')).toBe('2015-03-24T23:59:00Z … 2015-03-25T00:00:00Z')
  })

  it('name a done window by pair, range and counts, and leave foreign jobs alone', () => {
    const report = {
      ...emptyReport('default', { from: 0, to: 1 }),
      written: { elasticsearch: 3, cassandra: 0 },
      ties: 1,
    }
    const data = { pair: 'default', from: 1427254200, to: 1427254260 }
    const units = new Map([['default', 's' as const]])
    expect(windowJobName({ name: 'n', data, returnvalue: report }, units)).toBe(
      'default · 2015-03-25T03:30:00Z … 03:31:00Z · 3 → Elasticsearch, 0 → Cassandra, 0 unchanged, 1 ties',
    )
    expect(windowJobName({ name: 'by hand', data: {} }, units)).toBe('by hand')
    expect(windowJobName({ name: 'n', data }, new Map())).toBe('default · 1427254200 … 1427254260')
  })

  it('name a part by its window, its range and its share of the ids, and say how many parts a window has', () => {
    const window = { pair: 'default', from: 1427254200, to: 1427254260 }
    const part = { from: 1427254210, to: 1427254211, ids: { index: 1, of: 5 } }
    const units = new Map([['default', 's' as const]])
    const nameOf = (data: object): string => windowJobName({ name: 'n', data: { ...window, ...data } }, units)
    expect(nameOf({ part })).toBe(
      'default · 2015-03-25T03:30:00Z … 03:31:00Z · part 2015-03-25T03:30:10Z … 03:30:11Z, ids 2 of 5',
    )
    expect(nameOf({ part: { ...part, ids: allIds } })).toBe(
      'default · 2015-03-25T03:30:00Z … 03:31:00Z · part 2015-03-25T03:30:10Z … 03:30:11Z',
    )
    expect(nameOf({ parts: [part, part] })).toBe('default · 2015-03-25T03:30:00Z … 03:31:00Z · 2 parts')
  })
})

const openNonsense = (): unknown => openRedis({ url: 'http://user:secret@h' }, 'producer', 'test', testLogger())

describe('the address of Redis', () => {
  it('is shown without credentials', () => {
    expect(shownPlace({ url: 'redis://user:secret@cache.local:6380/2' })).toBe('cache.local:6380/2')
    expect(shownPlace({ url: 'rediss://:secret@cache.local' })).toBe('cache.local:6379')
    expect(shownPlace({ url: 'secret' })).toBe('redis.url')
  })

  it('is refused without being repeated when it is no URL of Redis', () => {
    expect(openNonsense).toThrow(CaesError)
    expect(openNonsense).not.toThrow(/secret/)
  })
})
