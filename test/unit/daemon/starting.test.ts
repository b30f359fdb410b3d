import { describe, expect, it } from 'vitest'
import { CaesError } from '../../../src/core/errors.js'
import { connectPairs, type PairConnectionsOptions } from '../../../src/daemon/pair-connections.js'
import { createWaiting } from '../../../src/daemon/waiting.js'
import { patiently } from '../../../src/runtime/patiently.js'
import { testLogger } from '../../support/daemon/memory-ports.js'
import { until } from '../../support/eventually.js'

const down = (text = 'no answer'): CaesError => new CaesError('CAES_CASSANDRA_DOWN', text)
const mismatch = new CaesError('CAES_SCHEMA_MISMATCH', 'no such table')
const pauses = { firstMs: 1, longestMs: 1 }
const never = new AbortController().signal

/** Fails so often, then gives its name. */
const failing = (times: number, error: () => Error) => {
  let tries = 0
  return async () => {
    tries += 1
    if (tries <= times) throw error()
    return tries
  }
}

describe('patience', () => {
  it('tries again what fails because something is away, and tells of each failure', async () => {
    const met: unknown[] = []
    const onFailure = (error: unknown): void => void met.push(error)
    expect(await patiently(failing(3, down), { signal: never, pauses, onFailure })).toBe(4)
    expect(met).toHaveLength(3)
  })

  it('has none with what stays wrong, be it met at once or later', async () => {
    const onFailure = (): void => undefined
    const tries = failing(9, () => mismatch)
    await expect(patiently(tries, { signal: never, pauses, onFailure })).rejects.toBe(mismatch)
    expect(await tries().catch((error: unknown) => error)).toBe(mismatch)
    const order = [down(), mismatch]
    await expect(
      patiently(
        failing(9, () => order.shift()!),
        { signal: never, pauses, onFailure },
      ),
    ).rejects.toBe(mismatch)
  })

  it('ends with the reason of whoever ends it, also in the middle of a pause', async () => {
    const ended = new AbortController()
    const reason = new CaesError('CAES_CANCELLED', 'shutdown')
    const waiting = patiently(failing(9, down), {
      signal: ended.signal,
      pauses: { firstMs: 600_000, longestMs: 600_000 },
      onFailure: () => setImmediate(() => ended.abort(reason)),
    })
    await expect(waiting).rejects.toBe(reason)
  })
})

describe('what is waited for', () => {
  it('is said once for each kind of failure, and once when it is over', () => {
    const logger = testLogger()
    const waiting = createWaiting('pair "a"', logger)
    waiting.over()
    expect(logger.lines).toEqual([])
    for (const text of ['ECONNREFUSED', 'ETIMEDOUT', 'ECONNREFUSED']) waiting.failed(down(text))
    waiting.failed(new CaesError('CAES_ELASTICSEARCH_DOWN', 'no answer'))
    expect(waiting.fault()).toBe('CAES_ELASTICSEARCH_DOWN: no answer')
    waiting.over()
    waiting.over()
    expect(waiting.fault()).toBeUndefined()
    expect(logger.lines.filter(({ level }) => level !== 'debug').map(({ level, message }) => [level, message])).toEqual(
      [
        ['warn', 'pair "a" waits: CAES_CASSANDRA_DOWN: ECONNREFUSED'],
        ['warn', 'pair "a" waits: CAES_ELASTICSEARCH_DOWN: no answer'],
        ['info', 'pair "a" goes on'],
      ],
    )
  })

  it('is an error where waiting alone does not help', () => {
    const logger = testLogger()
    createWaiting('pair "a"', logger).failed(mismatch)
    expect(logger.lines.map(({ level }) => level)).toEqual(['error'])
  })
})

describe('connecting pairs', () => {
  const connectAll = (connect: (pair: string) => Promise<string>, more: Partial<PairConnectionsOptions<string>> = {}) =>
    connectPairs(['a', 'b'], { connect, onHopeless: () => undefined, signal: never, logger: testLogger(), ...more })

  it('has those run that can, while the windows of the others wait and go on later', async () => {
    let isDown = true
    const pairs = await connectAll(async (name) => {
      if (name === 'b' && isDown) throw down()
      return `connected ${name}`
    })
    expect(pairs.gate('a')).toBeUndefined()
    expect(pairs.of('a')).toBe('connected a')
    expect(pairs.gate('b')).toEqual({ reason: 'pair "b" is not connected yet', retryInMs: 1_000 })
    expect(() => pairs.of('b')).toThrow('no answer')
    expect(pairs.fault()).toBe('pair "b" waits: CAES_CASSANDRA_DOWN: no answer')
    isDown = false
    await until('b is connected', () => pairs.gate('b') === undefined)
    expect(pairs.of('b')).toBe('connected b')
    expect(pairs.fault()).toBeUndefined()
  })

  it('fails at once for what stays wrong, and for anything when told to', async () => {
    const wrong = async (name: string): Promise<string> => {
      throw name === 'a' ? down() : mismatch
    }
    const ended = new AbortController()
    await expect(connectAll(wrong, { signal: ended.signal })).rejects.toBe(mismatch)
    ended.abort()
    await expect(connectAll(() => Promise.reject(down()), { failFast: true })).rejects.toMatchObject({
      code: 'CAES_CASSANDRA_DOWN',
    })
  })

  it('tells of what turns out to be wrong after it was waited for', async () => {
    const order: Error[] = [down(), mismatch]
    const hopeless: unknown[] = []
    await connectAll(async (name) => (name === 'a' ? name : Promise.reject(order.shift()!)), {
      onHopeless: (error) => hopeless.push(error),
    })
    await until('it is told', () => hopeless.length === 1)
    expect(hopeless).toEqual([mismatch])
  })

  it('lets a window of a pair that is not configured start, to fail with the reason', async () => {
    const pairs = await connectAll(async (name) => name)
    expect(pairs.gate('nobody')).toBeUndefined()
    expect(() => pairs.of('nobody')).toThrow(/which this configuration does not have/)
  })
})
