import { describe, expect, it } from 'vitest'
import { MemoryPauseStore } from '../../../src/adapters/memory/memory-pause-store.js'
import { CaesError } from '../../../src/core/errors.js'
import { actionRoutes, type ActionDeps } from '../../../src/http/actions.js'
import { anybody } from '../../../src/http/permission.js'
import { testLogger } from '../../support/daemon/memory-ports.js'

const setUp = (more: Partial<ActionDeps> = {}) => {
  const retried: string[] = []
  let ended = 0
  const pauses = new MemoryPauseStore()
  const logger = testLogger()
  const windows: ActionDeps['windows'] = {
    retry: async (id) => void retried.push(id),
    failedIds: async (pair) => [`${pair}.1-2`, `${pair}.2-3`],
    fate: async (id) => (id === 'default.9-10' ? 'gone' : 'failed'),
  }
  const app = actionRoutes({
    windows,
    pauses,
    pairs: new Set(['default', 'other']),
    may: anybody,
    onDone: () => (ended += 1),
    logger,
    ...more,
  })
  const post = (path: string, fields: Record<string, string>) =>
    app.request(path, { method: 'POST', body: new URLSearchParams(fields) })
  return { retried, ended: () => ended, pauses, logger, post }
}
const leadsTo = (answer: Response): [number, string | null] => [answer.status, answer.headers.get('location')]

describe('the actions of the page', () => {
  it('retry one window, or all of a pair that failed, and lead back to the page', async () => {
    const { retried, post } = setUp()
    expect(leadsTo(await post('/retry', { window: 'default.5-6' }))).toEqual([303, '../?done=retried&count=1'])
    expect(leadsTo(await post('/retry', { window: 'default.9-10' }))).toEqual([303, '../?done=retried&count=0'])
    expect(leadsTo(await post('/retry-failed', { pair: 'other' }))).toEqual([303, '../?done=retried&count=2'])
    expect(retried).toEqual(['default.5-6', 'other.1-2', 'other.2-3'])
  })

  it('pause and resume one pair, and say who did it', async () => {
    const { pauses, post, logger } = setUp()
    expect(leadsTo(await post('/pause', { pair: 'default' }))).toEqual([303, '../?done=paused&count=1'])
    expect(await pauses.read('default')).toMatchObject({ who: 'the dashboard' })
    expect(await pauses.read('other')).toBeUndefined()
    expect(leadsTo(await post('/resume', { pair: 'default' }))).toEqual([303, '../?done=resumed&count=1'])
    expect(await pauses.read('default')).toBeUndefined()
    expect(logger.lines.map(({ fields }) => fields)).toMatchObject([
      { name: 'pause', pair: 'default', who: 'the dashboard' },
      { name: 'resume', pair: 'default', who: 'the dashboard' },
    ])
  })

  it('tell that something was done, also where it failed, since it may have been done all the same', async () => {
    const { ended, post } = setUp()
    await post('/pause', { pair: 'nobody' })
    expect(ended()).toBe(0)
    await post('/pause', { pair: 'default' })
    expect(ended()).toBe(1)
    const late = () => Promise.reject(new Error('no answer in time'))
    const failing = setUp({ pauses: { read: late, pause: late, resume: late } })
    await failing.post('/pause', { pair: 'default' })
    expect(failing.ended()).toBe(1)
  })

  it('ask for permission in one place, before anything is read or done', async () => {
    const asked: string[] = []
    const { retried, pauses, post } = setUp({
      may: (_, action) => {
        asked.push(action)
        return undefined
      },
    })
    for (const [path, fields] of [
      ['/retry', { window: 'default.5-6' }],
      ['/retry-failed', { pair: 'default' }],
      ['/pause', { pair: 'default' }],
      ['/resume', { pair: 'nobody' }],
    ] as const) {
      expect((await post(path, fields)).status).toBe(403)
    }
    expect(asked).toEqual(['retry', 'retry', 'pause', 'resume'])
    expect(retried).toEqual([])
    expect(await pauses.read('default')).toBeUndefined()
  })

  it('lead back with the code of what went wrong', async () => {
    const down = async (): Promise<never> => {
      throw new CaesError('CAES_CASSANDRA_DOWN', 'no host')
    }
    const bug = async (): Promise<never> => {
      throw new Error('a bug')
    }
    const { post, logger } = setUp({ pauses: { read: down, pause: down, resume: bug } })
    expect(leadsTo(await post('/pause', { pair: 'default' }))).toEqual([303, '../?failed=CAES_CASSANDRA_DOWN'])
    expect(leadsTo(await post('/resume', { pair: 'default' }))).toEqual([303, '../?failed=CAES_INTERNAL'])
    expect(logger.lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'not done: CAES_CASSANDRA_DOWN: no host'],
      ['warn', 'not done: CAES_INTERNAL: a bug'],
    ])
  })

  it('refuse pairs that are not there, missing fields and long bodies; and do not answer to links', async () => {
    const { retried, post } = setUp()
    expect((await post('/pause', { pair: 'nobody' })).status).toBe(400)
    expect((await post('/retry', {})).status).toBe(400)
    expect((await post('/retry', { window: 'x'.repeat(600) })).status).toBe(400)
    expect((await post('/retry', { window: 'x'.repeat(20_000) })).status).toBe(413)
    expect(retried).toEqual([])
    const app = actionRoutes({
      windows: { retry: async () => undefined, failedIds: async () => [], fate: async () => 'failed' },
      pauses: new MemoryPauseStore(),
      pairs: new Set(['default']),
      may: anybody,
      onDone: () => undefined,
      logger: testLogger(),
    })
    expect((await app.request('/pause?pair=default')).status).toBe(404)
  })
})
