import * as fc from 'fast-check'
import { Hono } from 'hono'
import { beforeAll, expect, test } from 'vitest'
import { createAuth, type Auth } from '../../../src/http/auth.js'
import { guard } from '../../../src/http/guard.js'
import { safeHeaders } from '../../../src/http/headers.js'
import { testUsers } from '../../support/http-users.js'
import { keepingLogger } from '../../support/keeping-logger.js'

let auth: Auth
beforeAll(async () => {
  auth = createAuth({ users: await testUsers(), behindProxy: false, logger: keepingLogger() })
})

const segments = fc.oneof(
  fc.constantFrom('board', 'api', 'queues', 'windows', 'pause', 'retry', 'obliterate', 'login', 'logout', 'healthz'),
  fc.constantFrom('assets', 'actions', '..', '.', '', '%2e%2e', '%2f', '%00', '%', '%ff', '*', ':queue', '__proto__'),
  fc.webPath({ size: 'small' }).map((path) => path.replaceAll('/', '')),
)
const paths = fc.array(segments, { maxLength: 7 }).map((parts) => `/${parts.join('/')}`)
const methods = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')
const values = fc.stringMatching(/^[\x20-\x7e]{0,60}$/)
const headers = fc.dictionary(
  fc.constantFrom('cookie', 'authorization', 'origin', 'sec-fetch-site', 'x-forwarded-for', 'accept', 'content-type'),
  fc.oneof(values, fc.constantFrom('caes=x', 'Basic Og==', 'null', 'same-origin', 'text/html', 'Basic %', 'caes=%ff')),
)
const open: readonly RegExp[] = [/^\/(?:healthz|readyz|login)\/?$/, /^\/assets\/./]

test('without a login nothing gets through, and nothing breaks, whatever is asked', async () => {
  await fc.assert(
    fc.asyncProperty(methods, paths, headers, fc.string({ maxLength: 50 }), async (method, path, given, body) => {
      const reached: string[] = []
      const app = new Hono().use(safeHeaders).use(guard('0.0.0.0')).use(auth.check)
      app.route('/', auth.routes)
      app.all('*', (context) => {
        reached.push(context.req.path)
        return context.text('reached')
      })
      const answer = await app.request(`http://localhost:9464${path}`, {
        method,
        headers: { host: 'localhost:9464', ...given },
        ...(['GET', 'HEAD', 'OPTIONS'].includes(method) ? {} : { body }),
      })
      expect(answer.status).toBeLessThan(500)
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('set-cookie') ?? '').not.toMatch(/caes=[\w-]{10}/)
      for (const each of reached) expect(open.some((pattern) => pattern.test(each))).toBe(true)
    }),
    { numRuns: 500 },
  )
})
