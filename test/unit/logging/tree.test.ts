/** Which handler takes what, as in Python's tree of loggers. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { levels, type HandlerPlan, type LoggingPlan } from '../../../src/core/log-plan.js'
import { openLogging, type Logging, type LoggingOptions } from '../../../src/runtime/logging/logging.js'

let folder = ''
let logging: Logging | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caes-log-'))
})
afterEach(() => {
  logging?.close()
  rmSync(folder, { recursive: true })
})

const handler = (name: string, more: Partial<HandlerPlan> = {}): HandlerPlan => ({
  level: 0,
  format: { style: '%', format: '%(levelname)s %(name)s %(message)s' },
  only: [],
  target: { kind: 'file', path: join(folder, name), truncate: false, watch: false },
  ...more,
})
const open = (plan: LoggingPlan, options: Partial<LoggingOptions> = {}): Logging => {
  logging = openLogging(plan, { color: false, ...options })
  return logging
}
const linesIn = (name: string): string[] => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1)

test('a logger without a level has that of the nearest above it', () => {
  const { named } = open({
    handlers: { all: handler('all') },
    loggers: {
      '': { level: levels.ERROR, handlers: ['all'], propagate: false },
      caes: { level: levels.INFO, handlers: [], propagate: true },
      'caes.worker': { level: undefined, handlers: [], propagate: true },
    },
  })
  for (const name of ['caes.worker.pair', 'caesar', 'caes']) {
    named(name).debug({}, 'x')
    named(name).info({}, 'x')
    named(name).error({}, 'x')
  }
  expect(linesIn('all')).toEqual([
    'INFO caes.worker.pair x',
    'ERROR caes.worker.pair x',
    'ERROR caesar x',
    'INFO caes x',
    'ERROR caes x',
  ])
})

test('a record goes up the tree until a logger keeps it, once to each handler', () => {
  const { named } = open({
    handlers: { own: handler('own'), above: handler('above'), root: handler('root') },
    loggers: {
      '': { level: levels.DEBUG, handlers: ['root'], propagate: false },
      caes: { level: undefined, handlers: ['above', 'own'], propagate: false },
      'caes.worker': { level: undefined, handlers: ['own'], propagate: true },
    },
  })
  named('caes.worker').info({}, 'x')
  named('other').warn({}, 'y')
  expect([linesIn('own'), linesIn('above'), linesIn('root')]).toEqual([
    ['INFO caes.worker x'],
    ['INFO caes.worker x'],
    ['WARNING other y'],
  ])
})

test('a handler takes what is loud enough, and what its filters let pass', () => {
  const { named } = open({
    handlers: { loud: handler('loud', { level: levels.ERROR }), part: handler('part', { only: ['caes.worker'] }) },
    loggers: { '': { level: levels.DEBUG, handlers: ['loud', 'part'], propagate: false } },
  })
  named('caes.worker').info({}, 'a')
  named('caes.workers').error({}, 'b')
  named('caes.worker.x').error({}, 'c')
  expect([linesIn('loud'), linesIn('part')]).toEqual([
    ['ERROR caes.workers b', 'ERROR caes.worker.x c'],
    ['INFO caes.worker a', 'ERROR caes.worker.x c'],
  ])
})

test('what nobody may see is taken out of every line, wherever it stands', () => {
  const { named } = open(
    {
      handlers: { text: handler('text'), json: handler('json', { format: 'json' }) },
      loggers: { '': { level: levels.DEBUG, handlers: ['text', 'json'], propagate: false } },
    },
    { redact: (line) => line.replaceAll('hunter2', '***') },
  )
  named('caes').error({ err: new Error('login hunter2'), inner: ['hunter2'] }, 'with hunter2')
  for (const name of ['text', 'json']) {
    expect(readFileSync(join(folder, name), 'utf8')).not.toContain('hunter2')
    expect(readFileSync(join(folder, name), 'utf8')).toContain('login ***')
  }
})

test('where stdout and stderr lead to a file, they go on in a new one as others do', () => {
  const path = join(folder, 'standard')
  const { named, reopen } = open(
    {
      handlers: { out: handler('', { target: { kind: 'stdout' } }) },
      loggers: { '': { level: levels.DEBUG, handlers: ['out'], propagate: false } },
    },
    { standardFile: path },
  )
  named('caes').info({}, 'one')
  rmSync(path)
  reopen()
  named('caes').info({}, 'two')
  expect(linesIn('standard')).toEqual(['INFO caes two'])
})
