// Makes a fresh clone runnable: installs the locked dependencies when they are missing or out of date, then builds.
// Plain JavaScript on purpose: it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const quiet = process.argv.includes('--quiet')
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`caes-sync needs Node.js 20.19 or newer; this is ${process.versions.node}.`)
  process.exit(1)
}

const say = (text) => quiet || console.error(`setup: ${text}`)
const run = (command, args) => {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (status === 0) return
  console.error(`setup: "${[command, ...args].join(' ')}" failed${error ? `: ${error.message}` : ''}`)
  process.exit(1)
}

// The stamp lies inside node_modules, so removing that folder also forgets it.
const stamp = 'node_modules/.caes-sync-lock'
const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  say('installing dependencies (npm ci)')
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(stamp, wanted)
}
say('building (tsc)')
run('npm', ['run', '--silent', 'build'])
