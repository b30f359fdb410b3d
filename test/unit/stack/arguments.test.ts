import { expect, test } from 'vitest'
import { parseCommand } from '../../../stack/arguments.js'

test.each([
  [['up'], { verb: 'up', json: false, secure: false }],
  [['up', '--json'], { verb: 'up', json: true, secure: false }],
  [['up', '--secure'], { verb: 'up', json: false, secure: true }],
  [['status', '--json'], { verb: 'status', json: true, secure: false }],
  [['down'], { verb: 'down', wipe: false, secure: false }],
  [['down', '--wipe', '--secure'], { verb: 'down', wipe: true, secure: true }],
  [[], { verb: 'help' }],
  [['--help'], { verb: 'help' }],
])('%j', (argv, command) => {
  expect(parseCommand(argv)).toEqual(command)
})

test('everything after the first -- is the command, whatever it looks like', () => {
  expect(parseCommand(['exec', '--', 'sh', '-c', 'x', '--', '--wipe'])).toEqual({
    verb: 'exec',
    command: 'sh',
    args: ['-c', 'x', '--', '--wipe'],
    secure: false,
  })
})

test.each([
  [['fly'], '"fly" is not a verb'],
  [['up', 'now'], '"now" is one word too many'],
  [['exec'], 'exec needs a command'],
  [['up', '--wipe'], '--wipe belongs to down'],
  [['down', '--json'], '--json belongs to up and status'],
  [['up', '--', 'true'], 'only exec takes a command'],
  [['--', 'true'], 'only exec takes a command'],
  [['up', '--fast'], '--fast'],
])('%j is a usage error', (argv, message) => {
  expect(() => parseCommand(argv)).toThrow(
    expect.objectContaining({ code: 'CAES_USAGE', message: expect.stringContaining(message) }),
  )
})
