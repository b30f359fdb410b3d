import { describe, expect, it } from 'vitest'
import {
  dateTimestamp,
  longTimestamp,
  type TimestampField,
} from '../../../src/adapters/elasticsearch/timestamp-field.js'
import type { Json } from '../../../src/core/json.js'
import type { Unit } from '../../../src/core/version.js'

const date = (format: string, unit: Unit): TimestampField => {
  const field = dateTimestamp('ts', format, unit)
  if ('fault' in field) throw new Error(field.fault)
  return field
}
const usual = 'strict_date_optional_time||epoch_millis'

describe('a timestamp field of type long', () => {
  const field = longTimestamp('ts')

  it.each<[Json, number | undefined]>([
    [5, 5],
    [0, 0],
    ['5', 5],
    [[5], 5],
    [[5, 6], undefined],
    [[], undefined],
    [5.5, undefined],
    ['x', undefined],
    [null, undefined],
    [true, undefined],
    [{}, undefined],
  ])('says for %j the version %s', (value, version) => {
    expect(field.stampOf({ ts: value })).toBe(version)
  })

  it('says an unsafe version where it is beyond 2^53, so that it is refused as one', () => {
    expect(Number.isSafeInteger(field.stampOf({ ts: 9007199254740993n }))).toBe(false)
  })

  it('says nothing where it is missing', () => {
    expect(field.stampOf({})).toBeUndefined()
  })

  it('is written as the version, and searched by it', () => {
    expect(field.stamped({ a: 1, ts: 3 }, 5)).toEqual({ a: 1, ts: 5 })
    expect(field.range({ from: 1, to: 5 })).toEqual({ gte: 1, lt: 5 })
  })
})

describe('a timestamp field of type date', () => {
  it.each<[string, Unit, Json, number | undefined]>([
    [usual, 's', '2024-02-29T12:00:00.000Z', 1709208000],
    [usual, 's', '2024-02-29T12:00:00', 1709208000],
    [usual, 's', '2024-02-29T13:30:00+01:30', 1709208000],
    [usual, 's', '2024-02-29', 1709164800],
    [usual, 's', '2024-02', 1706745600],
    [usual, 's', 2024, 1704067200],
    [usual, 's', 1709208000000, 1709208000],
    [usual, 's', ['1709208000000'], 1709208000],
    [usual, 's', 1709208000001, undefined],
    [usual, 'ms', 1709208000001, 1709208000001],
    [usual, 'ms', '2024-02-29T12:00:00.123Z', 1709208000123],
    [usual, 'ms', '2024-02-29T12:00:00.123000Z', 1709208000123],
    [usual, 'ms', '2024-02-29T12:00:00.123456Z', undefined],
    [usual, 's', '2023-02-29', undefined],
    [usual, 's', 'yesterday', undefined],
    [usual, 's', null, undefined],
    ['epoch_second', 's', 1709208000, 1709208000],
    ['epoch_second', 's', '1709208000', 1709208000],
    ['epoch_second', 's', 1709208000.5, undefined],
    ['epoch_second||epoch_millis', 'ms', 1709208000.123, 1709208000123],
    ['epoch_millis', 's', '2024-02-29', undefined],
  ])('of format %s and unit %s says for %j the version %s', (format, unit, value, version) => {
    expect(date(format, unit).stampOf({ ts: value })).toBe(version)
  })

  it.each<[string, Unit, number, Json]>([
    [usual, 's', 1709208000, '2024-02-29T12:00:00.000Z'],
    [usual, 'ms', 1709208000123, '2024-02-29T12:00:00.123Z'],
    ['epoch_millis', 's', 1709208000, 1709208000000],
    ['epoch_millis||strict_date_optional_time', 'ms', 1709208000123, 1709208000123],
    ['epoch_second', 's', 1709208000, 1709208000],
    ['epoch_second||epoch_millis', 'ms', 1709208000123, 1709208000.123],
    ['epoch_second||strict_date_time', 's', 1709208000, 1709208000],
    ['strict_date_time_no_millis', 's', 1709208000, '2024-02-29T12:00:00Z'],
  ])('of format %s and unit %s writes %i as %j, and reads it back', (format, unit, version, value) => {
    const field = date(format, unit)
    expect(field.stamped({}, version)).toEqual({ ts: value })
    expect(field.stampOf({ ts: value })).toBe(version)
  })

  it('is searched in milliseconds', () => {
    expect(date(usual, 's').range({ from: 1, to: 5 })).toEqual({ gte: 1000, lt: 5000, format: 'epoch_millis' })
  })

  it.each<[string, Unit]>([
    [usual, 'us'],
    ['yyyy/MM/dd', 's'],
    ['strict_date_time_no_millis', 'ms'],
  ])('of format %s cannot be used for unit %s', (format, unit) => {
    expect(dateTimestamp('ts', format, unit)).toMatchObject({ fault: expect.any(String) })
  })
})

describe('a timestamp field at a path', () => {
  const field = longTimestamp('meta.at.ts')

  it.each([
    { meta: { at: { ts: 5 } } },
    { 'meta.at': { ts: 5 } },
    { meta: { 'at.ts': 5 } },
    { 'meta.at.ts': 5 },
    { meta: { other: 1 }, 'meta.at.ts': 5 },
  ])('is found in %j', (source) => {
    expect(field.stampOf(source)).toBe(5)
  })

  it.each([
    [{ meta: { at: { ts: 5 } } }, { meta: { at: { ts: 9 } } }],
    [{ 'meta.at.ts': 5 }, { meta: { at: { ts: 9 } } }],
    [
      { meta: { x: 1, 'at.ts': 5 }, y: 2 },
      { meta: { x: 1, at: { ts: 9 } }, y: 2 },
    ],
    [{ meta: [1] }, { meta: [1], 'meta.at.ts': 9 }],
  ])('replaces every spelling of it: %j becomes %j', (source, stamped) => {
    expect(field.stamped(source, 9)).toEqual(stamped)
  })
})
