import { afterEach, expect, test, vi } from 'vitest'
import { useColor } from '../../../src/cli/global-options.js'
import { styles } from '../../../src/cli/style.js'

afterEach(() => vi.unstubAllEnvs())

test('colours are for terminals, unless somebody does not want them', () => {
  vi.stubEnv('NO_COLOR', '')
  expect(useColor({}, { isTTY: true })).toBe(true)
  expect(useColor({}, { isTTY: false })).toBe(false)
  expect(useColor({}, {})).toBe(false)
  expect(useColor({ color: false }, { isTTY: true })).toBe(false)
  vi.stubEnv('NO_COLOR', '1')
  expect(useColor({}, { isTTY: true })).toBe(false)
})

test('without colours text stays as it is, and with them it ends as it began', () => {
  expect(styles(false).red('x')).toBe('x')
  expect(styles(true).red('x')).toBe('\u001B[31mx\u001B[39m')
})
