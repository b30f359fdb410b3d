import { describe, expect, test } from 'vitest'
import { accessOf, type AccessChoice } from '../../../src/cli/access.js'
import type { HttpUser } from '../../../src/config/config.js'
import { createHealth } from '../../../src/http/health.js'
import { monitorRoutes } from '../../../src/http/monitor.js'
import { basicOf } from '../../support/http-users.js'
import { keepingLogger } from '../../support/keeping-logger.js'

const ann: HttpUser = { name: 'ann', role: 'viewer', password: 'the password' }
const page: AccessChoice = { hasPage: true, insecure: false }

interface Given {
  readonly host?: string
  readonly users?: readonly HttpUser[]
  readonly metrics?: 'login' | 'open'
  readonly choice?: AccessChoice
}

const accessFor = async ({ host = '0.0.0.0', users, metrics = 'login', choice = page }: Given) => {
  const logger = keepingLogger()
  const http = { metrics, behindProxy: false, ...(users === undefined ? {} : { users }) }
  const access = await accessOf({ http }, { host, port: 0, key: 'http.listen' }, choice, logger)
  const app = monitorRoutes(createHealth(), { text: async () => 'caes 1', contentType: 'text/plain' }, access)
  const status = async (path: string, headers: Record<string, string> = {}) =>
    (await app.request(path, { headers })).status
  return { logger, status }
}

describe('a dashboard that others can reach', () => {
  test.each(['0.0.0.0', '::', '10.0.0.1', 'sync.example'])(
    'at %s needs users, or somebody who says otherwise',
    async (host) => {
      await expect(accessFor({ host })).rejects.toMatchObject({
        code: 'CAES_CONFIG_INVALID',
        exitCode: 78,
        where: 'http.listen',
        message: expect.stringContaining(host) as string,
        hint: expect.stringContaining('--insecure') as string,
      })
      await expect(accessFor({ host, users: [] })).rejects.toMatchObject({ code: 'CAES_CONFIG_INVALID' })
      expect((await accessFor({ host, users: [ann] })).logger.lines).toEqual([])
      const { logger } = await accessFor({ host, choice: { hasPage: true, insecure: true } })
      expect(logger.lines).toMatchObject([{ level: 'warn', fields: { host } }])
    },
  )

  test.each(['127.0.0.1', 'localhost', '::1'])('is not one at %s', async (host) => {
    expect((await accessFor({ host })).logger.lines).toEqual([])
  })
})

describe('health and metrics', () => {
  const monitor: AccessChoice = { hasPage: false, insecure: false }

  test('health is open everywhere', async () => {
    const { status } = await accessFor({ choice: monitor })
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200])
  })

  test('metrics that others can reach need a login', async () => {
    const { status } = await accessFor({ users: [ann], choice: monitor })
    expect(await status('/metrics')).toBe(401)
    expect(await status('/metrics', { authorization: basicOf('ann', 'wrong') })).toBe(401)
    expect(await status('/metrics', { authorization: basicOf('ann', 'the password') })).toBe(200)
  })

  test('and are closed, with a line in the log, where there is nobody to log in', async () => {
    const { status, logger } = await accessFor({ choice: monitor })
    expect(await status('/metrics')).toBe(401)
    expect(logger.lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('http.metrics') as string }])
  })

  test.each([
    ['on this machine', { host: '127.0.0.1', users: [ann] }],
    ['where the configuration says so', { metrics: 'open' as const, users: [ann] }],
    ['where the command line says so', { choice: { hasPage: true, insecure: true } }],
  ])('metrics are open %s', async (_, given) => {
    expect(await (await accessFor(given)).status('/metrics')).toBe(200)
  })
})
