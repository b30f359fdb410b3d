/** A real Chromium for tests: Debian's package, installed where it is missing; nothing is downloaded otherwise. */
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { requireProgram } from '../../stack/debian-package.js'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Long enough for its package to be installed. */
export const browserLimitMs = 600_000

/** CAES_TEST_CHROMIUM names another Chromium. Errors: CAES_STACK where there is none and none can be installed. */
export const openBrowser = async (): Promise<Browser> => {
  const program = process.env['CAES_TEST_CHROMIUM'] ?? 'chromium'
  const dist = join(tmpdir(), 'caes-sync-browser')
  mkdirSync(dist, { recursive: true })
  const hint = 'install Chromium (apt-get install chromium), or name one in CAES_TEST_CHROMIUM'
  await requireProgram({ program, name: 'chromium', hint }, dist, new AbortController().signal)
  return chromium.launch({ executablePath: program.includes('/') ? program : `/usr/bin/${program}`, args: flags })
}
