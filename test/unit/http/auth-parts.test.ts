import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { createSessions } from '../../../src/http/auth-sessions.js'
import { createThrottle } from '../../../src/http/auth-throttle.js'
import { createUsers } from '../../../src/http/auth-users.js'
import { formatHash, hashPassword, parseHash, verifyPassword } from '../../../src/runtime/password-hash.js'

describe('a password', () => {
  test('is kept as a hash that says how it was made, with a salt of its own', async () => {
    const [one, other] = [formatHash(await hashPassword('secret one')), formatHash(await hashPassword('secret one'))]
    expect(one).toMatch(/^scrypt\$15\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
    expect(one).not.toBe(other)
    const parsed = parseHash(one)!
    expect(await verifyPassword('secret one', parsed)).toBe(true)
    expect(await verifyPassword('secret One', parsed)).toBe(false)
    expect(await verifyPassword('', parsed)).toBe(false)
  })

  test('is the same however its accents were composed', async () => {
    expect(await verifyPassword('pa\u0308sswo\u0308rd', await hashPassword('p\u00e4ssw\u00f6rd'))).toBe(true)
  })

  test.each([
    'secret',
    'scrypt$15$8$1$short$x',
    `scrypt$30$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    `scrypt$5$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    `scrypt$15$99$1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    `scrypt$15$8$1$${'A'.repeat(22)}$${'A'.repeat(42)}`,
  ])('%s is no hash', (text) => {
    expect(parseHash(text)).toBeUndefined()
  })
})

describe('users', () => {
  test('an unknown name costs as much as a known one, and a wrong password as a right one', async () => {
    const isRight = vi.fn(async () => true)
    const users = await createUsers([{ name: 'ann', role: 'admin', password: 'the password' }], isRight)
    expect(await users.check('nobody', 'x')).toBeUndefined()
    expect(await users.check('ann', 'x')).toEqual({ name: 'ann', role: 'admin' })
    expect(await users.check('ann', 'x'.repeat(5_000))).toBeUndefined()
    expect(isRight).toHaveBeenCalledTimes(3)
  })

  test('a hash and the password itself are both taken, and names are nobody’s prototype', async () => {
    const users = await createUsers([
      { name: 'ann', role: 'viewer', password: formatHash(await hashPassword('first password')) },
      { name: 'ben', role: 'admin', password: 'second password' },
    ])
    expect(await users.check('ann', 'first password')).toEqual({ name: 'ann', role: 'viewer' })
    expect(await users.check('ben', 'second password')).toEqual({ name: 'ben', role: 'admin' })
    for (const name of ['__proto__', 'constructor', 'toString', '']) {
      expect(await users.check(name, 'first password')).toBeUndefined()
    }
  })

  test('a login that was right is remembered for a minute, and only with that very password', async () => {
    const users = await createUsers([{ name: 'ann', role: 'viewer', password: 'the password' }])
    expect(users.remembered('ann', 'the password', Date.now())).toBeUndefined()
    await users.check('ann', 'the password')
    expect(users.remembered('ann', 'the password', Date.now())).toEqual({ name: 'ann', role: 'viewer' })
    expect(users.remembered('ann', 'another one', Date.now())).toBeUndefined()
    expect(users.remembered('ann', 'the password', Date.now() + 61_000)).toBeUndefined()
  })
})

describe('the throttle', () => {
  test('doubles the wait from the fifth failure on, up to five minutes an address and half a minute a name', () => {
    const throttle = createThrottle()
    const waits: number[] = []
    let now = 0
    for (let failure = 0; failure < 20; failure++) {
      throttle.failed('a', `name ${failure}`, now)
      waits.push(throttle.wait('a', 'another', now))
      now += waits.at(-1)!
    }
    expect(waits.slice(0, 8)).toEqual([0, 0, 0, 0, 1_000, 2_000, 4_000, 8_000])
    expect(waits.at(-1)).toBe(300_000)
    const named = createThrottle()
    for (let failure = 0; failure < 20; failure++) named.failed(`address ${failure}`, 'admin', 0)
    expect(named.wait('fresh', 'admin', 0)).toBe(30_000)
  })

  test('a success and a quarter of an hour are forgiveness', () => {
    const throttle = createThrottle()
    for (let failure = 0; failure < 10; failure++) throttle.failed('a', 'n', 0)
    throttle.succeeded('a', 'n')
    expect(throttle.wait('a', 'n', 0)).toBe(0)
    for (let failure = 0; failure < 6; failure++) throttle.failed('a', 'n', 0)
    throttle.failed('a', 'n', 2_000_000)
    expect(throttle.wait('a', 'n', 2_000_000)).toBe(0)
  })

  test('remembers no more than so many, the newest', () => {
    const throttle = createThrottle()
    for (let failure = 0; failure < 6; failure++) throttle.failed('old', 'old', 0)
    for (let at = 0; at < 20_000; at++) throttle.failed(`address ${at}`, `name ${at}`, 0)
    expect(throttle.wait('old', 'old', 0)).toBe(0)
  })

  test('never has anybody wait for ever, whatever comes in', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string(), fc.nat(1_000_000)), { maxLength: 50 }), (failures) => {
        const throttle = createThrottle()
        for (const [address, name, now] of failures) throttle.failed(address, name, now)
        for (const [address, name, now] of failures) {
          expect(throttle.wait(address, name, now)).toBeLessThanOrEqual(1_300_000)
          expect(throttle.wait(address, name, 3_000_000)).toBe(0)
        }
      }),
    )
  })
})

describe('sessions', () => {
  test('have tokens that cannot be guessed, and are bounded', () => {
    const sessions = createSessions()
    const tokens = Array.from({ length: 1_001 }, (_, at) => sessions.open(`user ${at}`, 0))
    expect(new Set(tokens).size).toBe(tokens.length)
    expect(tokens.every((token) => /^[\w-]{43}$/.test(token))).toBe(true)
    expect(sessions.nameOf(tokens[0]!, 0)).toBeUndefined()
    expect(sessions.nameOf(tokens[1_000]!, 0)).toBe('user 1000')
  })
})
