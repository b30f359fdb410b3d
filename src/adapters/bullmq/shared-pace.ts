/**
 * One limit of records a second for all processes that work on a run: whoever is about to read takes the next place in
 * a line that Redis keeps, by its clock. Where the line is lost, it begins anew at that moment.
 */
import type { Clock } from '../../ports/clock.js'
import type { RedisLink } from './connection.js'
import { onRedis } from './redis-faults.js'

const takePlace = `
local now = redis.call('TIME')
local at = now[1] * 1000 + math.floor(now[2] / 1000)
local begins = math.max(at, tonumber(redis.call('GET', KEYS[1]) or '0'))
local ends = begins + tonumber(ARGV[1])
redis.call('SET', KEYS[1], string.format('%.0f', ends), 'PX', string.format('%.0f', ends - at + 60000))
return begins - at
`

export interface SharedPaces {
  /** Resolves when so many records of a line may be read. Errors: CAES_REDIS_DOWN; the signal's reason. */
  wait(line: string, records: number, recordsPerSecond: number, signal: AbortSignal): Promise<void>
}

export const createSharedPaces = (link: RedisLink, prefix: string, clock: Pick<Clock, 'sleep'>): SharedPaces => ({
  wait: async (line, records, recordsPerSecond, signal) => {
    const spanMs = Math.ceil((records * 1_000) / recordsPerSecond)
    const waitMs = await onRedis(link.where, () => link.client.eval(takePlace, 1, `${prefix}:pace:${line}`, spanMs))
    if (Number(waitMs) > 0) await clock.sleep(Number(waitMs) * 1_000, signal)
  },
})
