import { errors, types } from 'cassandra-driver'
import { describe, expect, it } from 'vitest'
import { whileOverloaded } from '../../../src/adapters/cassandra/overload.js'
import { createPacer } from '../../../src/runtime/pacer.js'

const { responseErrorCodes: response } = types
const never = new AbortController().signal
const answered = (code: number): Error => new errors.ResponseError(code, 'overload')

/** Fails with each of these in turn, then succeeds. */
const failing = (...failures: readonly Error[]) => {
  const seen: unknown[] = []
  const attempt = async (failure: unknown): Promise<string> => {
    const next = failures[seen.length]
    seen.push(failure)
    if (next !== undefined) throw next
    return 'done'
  }
  return { seen, attempt }
}

describe('a request that Cassandra gives up', () => {
  it.each([response.overloaded, response.writeTimeout, response.readTimeout])(
    'with code %i is sent again',
    async (code) => {
      const failure = answered(code)
      const { attempt, seen } = failing(failure)
      expect(await whileOverloaded(createPacer(8), attempt, never)).toBe('done')
      expect(seen).toEqual([undefined, failure])
    },
  )

  it('is sent again after the driver had no room for it', async () => {
    const { attempt } = failing(new errors.BusyConnectionError('10.0.0.1', 2_048, 1))
    expect(await whileOverloaded(createPacer(8), attempt, never)).toBe('done')
  })

  it('is given up after a number of tries, with what it met last', async () => {
    const all = Array.from({ length: 9 }, () => answered(response.overloaded))
    const { attempt, seen } = failing(...all)
    await expect(whileOverloaded(createPacer(8), attempt, never)).rejects.toBe(all[3])
    expect(seen).toHaveLength(4)
  })

  it.each([
    ['nobody answered', new errors.OperationTimedOutError('no answer', '10.0.0.1')],
    ['it was refused', answered(response.invalid)],
    ['replicas are away', answered(response.unavailableException)],
    ['of a bug', new TypeError('x')],
  ])('is not sent again where %s', async (_, failure) => {
    const { attempt, seen } = failing(failure)
    await expect(whileOverloaded(createPacer(8), attempt, never)).rejects.toBe(failure)
    expect(seen).toHaveLength(1)
  })

  it('is not sent again once it says so itself by throwing the failure before', async () => {
    let tries = 0
    const tooLate = async (failure: unknown): Promise<never> => {
      tries += 1
      throw failure ?? answered(response.writeTimeout)
    }
    await expect(whileOverloaded(createPacer(8), tooLate, never)).rejects.toMatchObject({ code: response.writeTimeout })
    expect(tries).toBe(2)
  })

  it('is not waited for by whoever was cancelled', async () => {
    const cancelled = new AbortController()
    const reason = new Error('shutdown')
    const attempt = async (): Promise<never> => {
      cancelled.abort(reason)
      throw answered(response.overloaded)
    }
    await expect(whileOverloaded(createPacer(8), attempt, cancelled.signal)).rejects.toBe(reason)
  })
})

describe('requests behind an overload', () => {
  it('are sent fewer at a time, and all are sent', async () => {
    const pacer = createPacer(64)
    let underWay = 0
    let most = 0
    let sent = 0
    const send = (isOverloaded: () => boolean) => async (): Promise<void> => {
      underWay += 1
      most = Math.max(most, underWay)
      await new Promise(setImmediate)
      underWay -= 1
      sent += 1
      if (isOverloaded()) throw answered(response.overloaded)
    }
    const inError = (): boolean => true
    const round = (count: number, bad: () => boolean) =>
      Promise.allSettled(Array.from({ length: count }, () => pacer.run(send(bad), { inError })))
    await round(40, () => sent === 1)
    expect(most).toBe(40)
    most = 0
    await round(200, () => false)
    expect(sent).toBe(240)
    // Half of them, and then slowly more.
    expect(most).toBeGreaterThanOrEqual(20)
    expect(most).toBeLessThan(40)
  })

  it('are not held up by one that fails for another reason', async () => {
    const pacer = createPacer(64)
    await expect(pacer.run(() => Promise.reject(new Error('no')), { inError: () => false })).rejects.toThrow('no')
    expect(pacer.limit()).toBe(64)
  })
})
