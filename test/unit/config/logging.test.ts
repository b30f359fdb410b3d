import { describe, expect, test } from 'vitest'
import { levels } from '../../../src/core/log-plan.js'
import { minimal, parse, problemsOf } from './support.js'

const block = (yaml: string): string =>
  minimal(
    'logging:',
    ...yaml
      .trim()
      .split('\n')
      .map((line) => `  ${line}`),
  )
const planOf = async (yaml: string) => {
  const { logging, warnings } = await parse(block(yaml))
  return { ...logging!, warnings }
}
const targetOf = async (handler: string) => {
  const { handlers, warnings } = await planOf(`version: 1\nhandlers:\n  h: ${handler}`)
  expect(warnings).toEqual([])
  return handlers['h']!.target
}

describe('a handler', () => {
  test.each([
    ['{ class: logging.StreamHandler }', { kind: 'stderr' }],
    ['{ class: logging.StreamHandler, stream: ext://sys.stdout }', { kind: 'stdout' }],
    ['{ class: logging.StreamHandler, stream: ext://sys.stderr }', { kind: 'stderr' }],
    ['{ class: logging.NullHandler }', { kind: 'null' }],
    [
      '{ class: logging.FileHandler, filename: /var/log/caes.log }',
      { kind: 'file', path: '/var/log/caes.log', truncate: false, watch: false },
    ],
    [
      '{ class: logging.FileHandler, filename: caes.log, mode: w, encoding: utf8, delay: true }',
      { kind: 'file', path: '/etc/caes/caes.log', truncate: true, watch: false },
    ],
    [
      '{ class: logging.handlers.WatchedFileHandler, filename: ~/caes.log }',
      { kind: 'file', path: '/home/someone/caes.log', truncate: false, watch: true },
    ],
    [
      '{ class: logging.handlers.RotatingFileHandler, filename: /c.log, maxBytes: 1000000, backupCount: 5 }',
      { kind: 'rolling-by-size', path: '/c.log', truncate: false, maxBytes: 1_000_000, backups: 5 },
    ],
    [
      '{ class: logging.handlers.TimedRotatingFileHandler, filename: /c.log, when: midnight, backupCount: 7, utc: true }',
      { kind: 'rolling-by-time', path: '/c.log', when: 'MIDNIGHT', interval: 1, backups: 7, utc: true },
    ],
    [
      '{ class: logging.handlers.SysLogHandler }',
      { kind: 'syslog', address: { host: 'localhost', port: 514 }, facility: 1, stream: false, ident: '' },
    ],
    [
      '{ class: logging.handlers.SysLogHandler, address: /dev/log, facility: local3, ident: "caes: " }',
      { kind: 'syslog', address: '/dev/log', facility: 19, stream: false, ident: 'caes: ' },
    ],
    [
      '{ class: logging.handlers.SysLogHandler, address: [logs, 601], facility: daemon, socktype: ext://socket.SOCK_STREAM }',
      { kind: 'syslog', address: { host: 'logs', port: 601 }, facility: 3, stream: true, ident: '' },
    ],
  ])('%s leads where it led', async (handler, target) => {
    expect(await targetOf(handler)).toEqual(target)
  })

  test('of a class that is not known goes to stderr, and says so with its place', async () => {
    const { handlers, warnings } = await planOf(
      'version: 1\nhandlers:\n  sentry: { class: raven.SentryHandler, level: ERROR, dsn: x }\n  own: { (): my.factory }',
    )
    expect(handlers['sentry']).toMatchObject({ level: levels.ERROR, target: { kind: 'stderr' } })
    expect(handlers['own']).toMatchObject({ target: { kind: 'stderr' } })
    expect(warnings).toEqual([
      'caes.yaml:10:15: logging.handlers.sentry.class names "raven.SentryHandler", which is not known here; what sentry would handle goes to stderr',
      expect.stringContaining('names "my.factory", which is not known here') as string,
    ])
  })
})

test('formatters, filters, levels and the tree are taken over', async () => {
  const plan = await planOf(`
version: 1
disable_existing_loggers: false
formatters:
  plain: {}
  braces: { style: "{", format: "{message}", datefmt: "%H" }
filters:
  worker: { name: caes.worker }
  all: {}
handlers:
  a: { class: logging.NullHandler, formatter: braces, level: WARN, filters: [worker, all] }
  b: { class: logging.NullHandler, formatter: plain, level: 15 }
loggers:
  caes: { level: NOTSET, handlers: [a, b], propagate: no }
  caes.worker: { level: DEBUG }
root: { level: CRITICAL, handlers: [a] }`)
  expect(plan).toEqual({
    handlers: {
      a: {
        level: levels.WARNING,
        format: { style: '{', format: '{message}', dateFormat: '%H' },
        only: ['caes.worker'],
        target: { kind: 'null' },
      },
      b: { level: 15, format: { style: '%', format: '%(message)s' }, only: [], target: { kind: 'null' } },
    },
    loggers: {
      caes: { level: undefined, handlers: ['a', 'b'], propagate: false },
      'caes.worker': { level: levels.DEBUG, handlers: [], propagate: true },
      '': { level: levels.CRITICAL, handlers: ['a'], propagate: true },
    },
    warnings: [],
  })
})

test("without a root there is Python's: warnings, and nobody to handle them", async () => {
  expect((await planOf('version: 1')).loggers).toEqual({
    '': { level: levels.WARNING, handlers: [], propagate: false },
  })
})

test.each([
  ['version: 2', 'caes.yaml:8:12: logging.version must be 1, as for Python; try version: 1'],
  [
    'root: { level: LOUD }',
    'caes.yaml:8:18: logging.root.level must be DEBUG, INFO, WARNING, ERROR, CRITICAL or a number',
  ],
  [
    'root: { level: DEBUGG }',
    'caes.yaml:8:18: logging.root.level must be DEBUG, INFO, WARNING, ERROR, CRITICAL or a number; try DEBUG',
  ],
  [
    'root: { handlers: [consol] }\nhandlers: { console: { class: logging.NullHandler } }',
    'caes.yaml:8:21: logging.root.handlers names "consol", which is no handler; try "console"',
  ],
  [
    'handlers: { a: { class: logging.NullHandler, formatter: simpel } }',
    'caes.yaml:8:59: logging.handlers.a.formatter names "simpel", which is no formatter',
  ],
  ['handlers: { a: 5 }', 'caes.yaml:8:18: logging.handlers.a must be a block of keys'],
  [
    'handlers: { a: { class: logging.handlers.SysLogHandler, facility: local9 } }',
    expect.stringContaining('logging.handlers.a.facility must be a number or one of kern') as string,
  ],
  [
    'handlers: { a: { class: logging.handlers.TimedRotatingFileHandler, filename: x, when: Y } }',
    expect.stringContaining('logging.handlers.a.when must be S, M, H') as string,
  ],
])('what Python would refuse is refused: %s', async (yaml, problem) => {
  expect(await problemsOf(block(yaml))).toEqual([problem])
})
