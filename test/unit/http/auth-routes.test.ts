/** Every route that the dashboard has, our own and Bull Board's, for every role and for nobody. */
import { Queue } from 'bullmq'
import { Hono } from 'hono'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAuth, type Auth } from '../../../src/http/auth.js'
import { mayAs, needOf, type Need } from '../../../src/http/auth-roles.js'
import { dashboardApp } from '../../../src/http/dashboard.js'
import { createHealth } from '../../../src/http/health.js'
import { basicOf, passwordOf, roles, testUsers } from '../../support/http-users.js'
import { keepingLogger } from '../../support/keeping-logger.js'

const host = { host: 'localhost:9464' }
const never = () => Promise.reject(new Error('nobody may get as far as this'))
let redis: Redis
let auth: Auth
let app: Hono
const queues: Queue[] = []

beforeAll(async () => {
  // Nothing listens there: a handler that is reached fails.
  redis = new Redis({ port: 1, lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: null })
  redis.on('error', () => undefined)
  const queue = (name: string): Queue => {
    const opened = new Queue(name, { connection: redis, skipMetasUpdate: true, skipVersionCheck: true })
    opened.on('error', () => undefined)
    queues.push(opened)
    return opened
  }
  auth = createAuth({ users: await testUsers(), behindProxy: false, logger: keepingLogger() })
  app = dashboardApp({
    host: '127.0.0.1',
    health: createHealth(),
    metrics: { text: async () => '', contentType: 'text/plain' },
    access: { auth, metrics: auth.check },
    board: {
      windows: queue('windows'),
      parts: queue('parts'),
      rejects: queue('rejects'),
      ticks: queue('ticks'),
      units: new Map(),
    },
    status: {
      pairs: [],
      snapshot: Object.assign(never, { forget: () => undefined }),
      version: 'test',
      windows: { retry: never, failedIds: never, fate: never },
      pauses: { read: never, pause: never, resume: never },
      may: auth.may,
      visitor: auth.visitor,
      logger: keepingLogger(),
    },
  })
})
afterAll(async () => {
  for (const queue of queues) await queue.close().catch(() => undefined)
  redis.disconnect()
})

interface Route {
  readonly method: string
  /** With something in the place of each parameter. */
  readonly path: string
}

const routesOf = (of: Hono): Route[] => {
  const found = new Map<string, Route>()
  for (const { method, path } of of.routes) {
    // Middleware stands for all methods and has no page of its own.
    if (method === 'ALL') continue
    const filled = path.replaceAll(/:\w+/g, 'some').replace('*', 'some.js')
    const plain = filled.length > 1 ? filled.replace(/\/$/, '') : filled
    found.set(`${method} ${plain}`, { method, path: plain })
  }
  return [...found.values()]
}

/** Said anew, and by rule instead of by table, so that a slip of the table is seen. */
const expected = ({ method, path }: Route): Need => {
  if (['/healthz', '/readyz', '/login'].includes(path) || path.startsWith('/assets/')) return 'open'
  if (method === 'GET' || path === '/logout') return 'viewer'
  if (path.startsWith('/actions/')) return 'operator'
  return /\/(?:pause|resume|retry|retry\/some)$/.test(path) ? 'operator' : 'admin'
}

test('there are routes to walk, and those that do harm are among them', () => {
  const all = routesOf(app).map(({ method, path }) => `${method} ${path}`)
  expect(all.length).toBeGreaterThan(45)
  expect(all).toEqual(
    expect.arrayContaining([
      'PUT /board/api/queues/some/obliterate',
      'PUT /board/api/queues/some/empty',
      'PUT /board/api/queues/some/some/clean',
      'PUT /board/api/queues/some/some/promote',
      'POST /board/api/queues/some/add',
      'PATCH /board/api/queues/some/some/update-data',
      'POST /actions/pause',
      'GET /metrics',
      'GET /',
    ]),
  )
})

test('every route needs what its kind needs', () => {
  for (const route of routesOf(app)) {
    expect({ ...route, need: needOf(route.method, route.path) }).toEqual({ ...route, need: expected(route) })
  }
})

test('without a login every route that is not open is closed', async () => {
  for (const route of routesOf(app).filter((each) => expected(each) !== 'open')) {
    const { status } = await app.request(route.path, { method: route.method, headers: host })
    expect({ ...route, status }).toEqual({ ...route, status: 401 })
  }
})

describe.each(roles)('as %s', (role) => {
  test('every route is open or closed as the role says', async () => {
    const headers = { ...host, authorization: basicOf(role, passwordOf(role)) }
    const reached = new Hono().use(auth.check)
    reached.all('*', (context) => context.text('reached'))
    for (const route of routesOf(app)) {
      const may = mayAs(role, expected(route))
      const { status } = await reached.request(route.path, { method: route.method, headers })
      expect({ ...route, status }).toEqual({ ...route, status: may ? 200 : 403 })
    }
  })

  test('and nothing of the dashboard stands before the check', async () => {
    const headers = { ...host, authorization: basicOf(role, passwordOf(role)) }
    for (const route of routesOf(app).filter((each) => !mayAs(role, expected(each)))) {
      const { status } = await app.request(route.path, { method: route.method, headers })
      expect({ ...route, status }).toEqual({ ...route, status: 403 })
    }
  })

  test('a route that nobody has thought of is for admins', async () => {
    const headers = { ...host, authorization: basicOf(role, passwordOf(role)) }
    for (const [method, path] of [
      ['GET', '/board/api/queues/windows/new/thing'],
      ['DELETE', '/board/api/queues/windows'],
      ['PUT', '/board/api/queues/windows/1/retry/again'],
      ['GET', '/debug'],
    ] as const) {
      const { status } = await app.request(path, { method, headers })
      expect({ path, closed: status === 403 }).toEqual({ path, closed: role !== 'admin' })
    }
  })
})

describe('a path that looks like another one', () => {
  test.each([
    ['PUT', '/board/api/queues/windows/clean/retry', 'admin'],
    ['PUT', '/board/api/queues/windows/obliterate', 'admin'],
    ['PUT', '/board/api/queues/windows/obliterate/', 'admin'],
    ['PUT', '//board/api/queues/windows/pause', 'admin'],
    ['PUT', '/board/api/queues/windows/pause/', 'operator'],
    ['HEAD', '/metrics', 'viewer'],
    ['GET', '/METRICS', 'admin'],
    ['GET', '/healthz/x', 'admin'],
    ['POST', '/healthz', 'admin'],
    ['GET', '/assets', 'admin'],
  ] as const)('%s %s needs %s', (method, path, need) => {
    expect(needOf(method, path)).toBe(need)
  })

  test.each([
    '/board/api/queues/windows/%6fbliterate',
    '/board/api/queues/windows/x/../obliterate',
    '/board/api/queues/windows/%2e%2e/windows/obliterate',
    '/assets/../board/api/queues/windows/obliterate',
    '/assets/%2e%2e/board/api/queues/windows/obliterate',
  ])('%s does not get an operator further', async (path) => {
    const headers = { ...host, authorization: basicOf('operator', passwordOf('operator')) }
    expect((await app.request(path, { method: 'PUT', headers })).status).toBe(403)
  })
})

describe('before anything is asked of anybody', () => {
  const authorization = basicOf('admin', passwordOf('admin'))

  test.each([
    ['by a name that is not ours', { host: 'evil.example' }],
    ['from another site', { ...host, origin: 'http://evil.example' }],
  ])('a change that comes %s is refused, on every route', async (_, headers) => {
    for (const { method, path } of routesOf(app).filter((each) => each.method !== 'GET')) {
      const { status } = await app.request(path, { method, headers: { ...headers, authorization } })
      expect({ method, path, status }).toEqual({ method, path, status: 403 })
    }
  })

  test('a body that is larger than any of ours is refused', async () => {
    const body = 'x'.repeat(300_000)
    const headers = { ...host, authorization, 'content-length': String(body.length) }
    for (const path of ['/board/api/queues/windows/add', '/actions/pause', '/login']) {
      expect((await app.request(path, { method: 'POST', headers, body })).status).toBe(413)
    }
  })
})

test('every answer has the headers that close a page off', async () => {
  for (const path of ['/', '/login', '/healthz', '/board', '/nowhere', '/assets/status.css', '/metrics']) {
    const { headers } = await app.request(path, { headers: host })
    expect({ path, type: headers.get('x-content-type-options') }).toEqual({ path, type: 'nosniff' })
    expect(headers.get('x-frame-options')).toMatch(/^(?:DENY|SAMEORIGIN)$/)
    expect(headers.get('referrer-policy')).toMatch(/^(?:no-referrer|same-origin)$/)
    expect(headers.get('content-security-policy')).toMatch(/default-src '(?:none|self)'/)
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe/)
  }
})
