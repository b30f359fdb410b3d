import { mkdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { linkBins } from '../../../stack/link-bins.js'
import { temporaryFolder } from './temporary-folder.js'

test('a built program is linked and made executable, again and again', () => {
  const root = temporaryFolder()
  mkdirSync(join(root, 'dist/src/cli'), { recursive: true })
  writeFileSync(join(root, 'dist/src/cli/main.js'), '', { mode: 0o644 })
  for (let time = 0; time < 2; time++) linkBins(root, { 'caes-sync': 'dist/src/cli/main.js' })
  expect(readlinkSync(join(root, 'node_modules/.bin/caes-sync'))).toBe('../../dist/src/cli/main.js')
  expect(statSync(join(root, 'node_modules/.bin/caes-sync')).mode & 0o111).toBe(0o111)
})

test('a program that is not built yet is linked all the same', () => {
  const root = temporaryFolder()
  linkBins(root, { 'caes-sync-daemon': 'dist/src/cli/daemon.js' })
  expect(readlinkSync(join(root, 'node_modules/.bin/caes-sync-daemon'))).toBe('../../dist/src/cli/daemon.js')
})
