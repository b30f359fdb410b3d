import { expect, test } from 'vitest'
import { CaesError } from '../../../src/core/errors.js'
import { runReloadable, type Reloadable } from '../../../src/daemon/reloading.js'
import { keepingLogger } from '../../support/keeping-logger.js'

/** A service whose configuration is a word; what happens to it is written down. */
const service = (behaviour: Partial<Reloadable<string>> & { readonly failing?: string[] } = {}) => {
  const happened: string[] = []
  const logger = keepingLogger()
  const wanted = { text: 'one' }
  const { failing = [] } = behaviour
  const parts: Reloadable<string> = {
    load: async () => wanted.text,
    same: (a, b) => a === b,
    tryOut: async () => undefined,
    start: (config) => {
      happened.push(`start ${config}`)
      return {
        logger,
        started: failing.includes(config)
          ? Promise.reject(new CaesError('CAES_PORT_TAKEN', `${config} fails`))
          : Promise.resolve(),
        reopenLogs: () => happened.push(`reopen ${config}`),
        stop: async () => {
          happened.push(`stop ${config}`)
        },
        stopLimitMs: 1,
        closeLogs: () => happened.push(`close ${config}`),
      }
    },
    ...behaviour,
  }
  return { happened, wanted, failing, running: runReloadable('one', parts), logger }
}

test('the old configuration is drained before the new one starts, and its log is closed last', async () => {
  const { running, wanted, happened } = service()
  await running.started
  wanted.text = 'two'
  expect(await running.reload()).toEqual({ kind: 'reloaded' })
  expect(happened).toEqual(['start one', 'stop one', 'start two', 'close one'])
  await running.stop()
  expect(happened.at(-1)).toBe('stop two')
})

test('a configuration that has not changed stops nothing, but opens log files anew', async () => {
  const { running, happened } = service()
  expect(await running.reload()).toEqual({ kind: 'unchanged' })
  expect(happened).toEqual(['start one', 'reopen one'])
})

test.each([
  ['cannot be read', { load: async () => Promise.reject(new CaesError('CAES_CONFIG_INVALID', 'bad file')) }],
  [
    'names what is not there',
    { tryOut: async () => Promise.reject(new CaesError('CAES_SCHEMA_MISMATCH', 'no table')) },
  ],
])('a configuration that %s is refused, and the old one goes on undisturbed', async (_, behaviour) => {
  const { running, wanted, happened } = service(behaviour)
  wanted.text = 'two'
  expect(await running.reload()).toMatchObject({ kind: 'refused', error: { exitCode: 78 } })
  expect(happened).toEqual(['start one', 'reopen one'])
})

test('when the new one does not start, the old one starts again', async () => {
  const { running, wanted, happened } = service({ failing: ['two'] })
  wanted.text = 'two'
  expect(await running.reload()).toMatchObject({ kind: 'refused', error: { code: 'CAES_PORT_TAKEN' } })
  expect(happened).toEqual([
    'start one',
    'stop one',
    'start two',
    'stop two',
    'close two',
    'start one',
    'close one',
    'reopen one',
  ])
  await running.stop()
  expect(happened.at(-1)).toBe('stop one')
})

test('when neither starts, that is said', async () => {
  const { running, wanted, failing } = service({ failing: ['two'] })
  await running.started
  failing.push('one')
  wanted.text = 'two'
  expect(await running.reload()).toMatchObject({ kind: 'lost', error: { message: 'one fails' } })
})

test('those who ask during a reload share the next one, which sees what they want', async () => {
  const { running, wanted, happened } = service()
  wanted.text = 'two'
  const first = running.reload()
  wanted.text = 'three'
  const [second, third] = [running.reload(), running.reload()]
  expect(await Promise.all([first, second, third])).toEqual([
    { kind: 'reloaded' },
    { kind: 'reloaded' },
    { kind: 'reloaded' },
  ])
  expect(happened.filter((each) => each.startsWith('start'))).toEqual(['start one', 'start two', 'start three'])
})

test('a service that is stopped during a reload starts nothing more', async () => {
  let release: (() => void) | undefined
  const { running, wanted, happened } = service({
    tryOut: () => new Promise((resolve) => (release = resolve)),
  })
  wanted.text = 'two'
  const reloaded = running.reload()
  await Promise.resolve()
  await Promise.resolve()
  await running.stop()
  release?.()
  await reloaded
  expect(happened).toEqual(['start one', 'stop one'])
})
