import { Hono } from 'hono'
import { beforeEach, describe, expect, test } from 'vitest'
import { createAuth } from '../../../src/http/auth.js'
import { guard } from '../../../src/http/guard.js'
import { basicOf, passwordOf, testUsers } from '../../support/http-users.js'
import { keepingLogger } from '../../support/keeping-logger.js'

const host = 'localhost:9464'
const path = '/board/api/queues/windows/pause'
let now: number
let logger: ReturnType<typeof keepingLogger>
let app: Hono

const open = async (behindProxy = false): Promise<Hono> => {
  const auth = createAuth({ users: await testUsers(), behindProxy, logger, now: () => now })
  const opened = new Hono().use(guard('0.0.0.0')).use(auth.check)
  opened.route('/', auth.routes)
  opened.all('*', (context) => context.text(`for ${auth.may(context, 'pause') ?? 'looking'}`))
  return opened
}
beforeEach(async () => {
  now = 1_000_000
  logger = keepingLogger()
  app = await open()
})

const ask = (method: string, at: string, headers: Record<string, string> = {}, to = app) =>
  to.request(`http://${host}${at}`, { method, headers: { host, ...headers } })

const logIn = async (name: string, password: string, more: Record<string, string> = {}, to = app, target = '/') =>
  to.request(`http://${host}/login`, {
    method: 'POST',
    headers: { host, 'content-type': 'application/x-www-form-urlencoded', ...more },
    body: new URLSearchParams({ name, password, to: target }).toString(),
  })

const cookieOf = (answer: Response): string => answer.headers.get('set-cookie')?.split(';')[0] ?? ''
const own = { 'sec-fetch-site': 'same-origin' }

describe('logging in', () => {
  test('opens a session that scripts of a page cannot read and other sites cannot use', async () => {
    const answer = await logIn('operator', passwordOf('operator'))
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('./')
    const cookie = answer.headers.get('set-cookie')!
    expect(cookie).toMatch(/^caes=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(await (await ask('PUT', path, { cookie: cookieOf(answer), ...own })).text()).toBe('for operator')
  })

  test('behind a proxy with TLS the cookie is for TLS and this host alone', async () => {
    const secure = await open(true)
    const answer = await logIn('viewer', passwordOf('viewer'), {}, secure)
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-caes=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
  })

  test.each([
    ['a wrong password', 'operator', 'wrong'],
    ['an unknown name', 'nobody', passwordOf('operator')],
    ['the password of somebody else', 'admin', passwordOf('operator')],
    ['an empty password', 'operator', ''],
  ])('%s is answered alike, and leaves no session', async (_, name, password) => {
    const answer = await logIn(name, password)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(await answer.text()).toContain('Name or password are wrong.')
    expect(JSON.stringify(logger.lines)).not.toContain(password === '' ? 'never' : password)
  })

  test('ends after an hour without use, and after half a day in any case', async () => {
    const cookie = cookieOf(await logIn('viewer', passwordOf('viewer')))
    now += 3_599_000
    expect((await ask('GET', '/', { cookie })).status).toBe(200)
    now += 3_601_000
    expect((await ask('GET', '/', { cookie })).status).toBe(401)
    const busy = cookieOf(await logIn('viewer', passwordOf('viewer')))
    for (let hour = 0; hour < 13; hour++) {
      now += 3_500_000
      await ask('GET', '/', { cookie: busy })
    }
    expect((await ask('GET', '/', { cookie: busy })).status).toBe(401)
  })

  test('ends with logging out', async () => {
    const cookie = cookieOf(await logIn('viewer', passwordOf('viewer')))
    expect((await ask('POST', '/logout', { cookie, ...own })).status).toBe(303)
    expect((await ask('GET', '/', { cookie })).status).toBe(401)
  })

  test.each(['caes=', 'caes=x', `caes=${'A'.repeat(43)}`, 'caes=__proto__', 'other=1'])(
    '%s is no session',
    async (cookie) => {
      expect((await ask('GET', '/', { cookie })).status).toBe(401)
    },
  )

  test.each([
    ['/board/queue/windows', './board/queue/windows'],
    ['//elsewhere.example', './'],
    ['/\\elsewhere.example', './'],
    ['https://elsewhere.example', './'],
    ['javascript:alert(1)', './'],
    ['/a\r\nset-cookie: x=y', './'],
  ])('goes on to %j as %j', async (target, location) => {
    expect((await logIn('viewer', passwordOf('viewer'), {}, app, target)).headers.get('location')).toBe(location)
  })

  test('leads below the path at which a proxy serves it', async () => {
    const below = (from: string, location: string | null) =>
      new URL(location ?? '', `https://proxy/caes${from}`).pathname
    const asked = await ask('GET', '/board/queue/windows', { accept: 'text/html' })
    expect(below('/board/queue/windows', asked.headers.get('location'))).toBe('/caes/login')
    const answer = await logIn('viewer', passwordOf('viewer'), {}, app, '/board/queue/windows')
    expect(below('/login', answer.headers.get('location'))).toBe('/caes/board/queue/windows')
    const out = await ask('POST', '/logout', { cookie: cookieOf(answer), ...own })
    expect(below('/logout', out.headers.get('location'))).toBe('/caes/login')
    // Nothing in the page leads elsewhere.
    expect(await (await ask('GET', '/login')).text()).not.toMatch(/(?:href|action)="\//)
  })

  test('the page repeats nothing as markup', async () => {
    const text = await (await ask('GET', `/login?to=${encodeURIComponent('/"><script>alert(1)</script>')}`)).text()
    expect(text).not.toContain('<script>')
    expect(text).toContain('&quot;&gt;&lt;script&gt;')
  })

  test('a browser is led to the page, a script is asked for a login', async () => {
    const browser = await ask('GET', '/board', { accept: 'text/html', 'sec-fetch-mode': 'navigate' })
    expect([browser.status, browser.headers.get('location')]).toEqual([302, './login?to=%2Fboard'])
    const script = await ask('GET', '/metrics')
    expect([script.status, script.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="caes-sync", charset="UTF-8"',
    ])
  })
})

describe('HTTP Basic', () => {
  test('is for scripts, and needs no evidence of a page', async () => {
    const authorization = basicOf('operator', passwordOf('operator'))
    expect(await (await ask('PUT', path, { authorization })).text()).toBe('for operator')
  })

  test.each(['Basic', 'Basic !', 'Basic Og==', `Basic ${'A'.repeat(20_000)}`, 'Bearer x', `Basic ${btoa('nocolon')}`])(
    '%s is no login',
    async (authorization) => {
      expect((await ask('GET', '/', { authorization })).status).toBe(401)
    },
  )
})

describe('a change with a cookie', () => {
  const put = async (headers: Record<string, string>) => {
    const cookie = cookieOf(await logIn('operator', passwordOf('operator')))
    return (await ask('PUT', path, { cookie, ...headers })).status
  }

  test.each([
    ['from the page itself', { 'sec-fetch-site': 'same-origin' }, 200],
    ['from the page itself, by an older browser', { origin: `http://${host}` }, 200],
    ['from another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['from another port of this host', { 'sec-fetch-site': 'same-site' }, 403],
    ['from another site, by an older browser', { origin: 'http://evil.example' }, 403],
    ['from a sandboxed frame', { origin: 'null' }, 403],
    ['from who knows where', {}, 403],
    ['typed into the address bar, which sends no changes', { 'sec-fetch-site': 'none' }, 403],
  ])('%s', async (_, headers, status) => {
    expect(await put(headers as Record<string, string>)).toBe(status)
  })
})

describe('guessing', () => {
  const address = (ip: string) => ({ 'x-forwarded-for': ip })

  test('is slowed down by address, also for another name and for the right password', async () => {
    const secure = await open(true)
    for (let attempt = 0; attempt < 5; attempt++) {
      expect((await logIn(`name ${attempt}`, 'guess', address('6.6.6.6'), secure)).status).toBe(401)
    }
    const slowed = await logIn('admin', passwordOf('admin'), address('6.6.6.6'), secure)
    expect([slowed.status, slowed.headers.get('retry-after')]).toEqual([429, '1'])
    expect((await logIn('admin', passwordOf('admin'), address('7.7.7.7'), secure)).status).toBe(303)
    now += 1_001
    expect((await logIn('admin', passwordOf('admin'), address('6.6.6.6'), secure)).status).toBe(303)
  })

  test('is slowed down by name, from whatever address it comes', async () => {
    const secure = await open(true)
    for (let attempt = 0; attempt < 5; attempt++)
      await logIn('admin', `guess ${attempt}`, address(`6.6.6.${attempt}`), secure)
    expect((await logIn('admin', 'guess', address('8.8.8.8'), secure)).status).toBe(429)
  })

  test('is slowed down with HTTP Basic as well', async () => {
    for (let attempt = 0; attempt < 5; attempt++) {
      await ask('GET', '/', { authorization: basicOf('admin', `guess ${attempt}`) })
    }
    const answer = await ask('GET', '/', { authorization: basicOf('admin', 'guess') })
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1'])
  })

  test('with many attempts at once gets no further than one after the other', async () => {
    const attempts = Array.from({ length: 12 }, (_, at) => logIn('admin', `guess ${at}`).then(({ status }) => status))
    expect((await Promise.all(attempts)).filter((status) => status === 401).length).toBeLessThanOrEqual(5)
  })

  test('an address is taken from the proxy’s own word, not from what its visitor wrote before', async () => {
    const secure = await open(true)
    for (let attempt = 0; attempt < 5; attempt++) {
      await logIn(`n${attempt}`, 'guess', { 'x-forwarded-for': `1.1.1.${attempt}, 6.6.6.6` }, secure)
    }
    expect((await logIn('x', 'guess', { 'x-forwarded-for': '9.9.9.9, 6.6.6.6' }, secure)).status).toBe(429)
  })

  test('a script that sends its login with many requests at once is not taken for it', async () => {
    const fresh = await open()
    const authorization = basicOf('viewer', passwordOf('viewer'))
    const answers = await Promise.all(Array.from({ length: 20 }, async () => ask('GET', '/', { authorization }, fresh)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })
})

test('without users nobody is asked', async () => {
  const auth = createAuth({ users: undefined, behindProxy: false, logger })
  const opened = new Hono().use(auth.check)
  opened.all('*', (context) => context.text(auth.may(context, 'pause') ?? 'nobody'))
  expect(await (await opened.request('/anything', { method: 'PUT' })).text()).toBe('the dashboard')
})
