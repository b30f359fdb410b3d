/** `npm run audit`: known faults of what is installed in production. Fails on grave ones, and never for want of an answer. */
import { spawnSync } from 'node:child_process'
import { auditVerdict } from './audit-verdict.js'

const { stdout } = spawnSync('npm', ['audit', '--json', '--omit=dev'], {
  encoding: 'utf8',
  timeout: 60_000,
  shell: process.platform === 'win32',
})
const verdict = auditVerdict(stdout ?? '')
if (verdict.kind === 'vulnerable') {
  process.stderr.write(`audit: grave faults are known of ${verdict.packages.join(', ')}; see "npm audit"\n`)
  process.exitCode = 1
} else if (verdict.kind === 'clean') {
  process.stderr.write(`audit: no grave faults are known, and ${verdict.known} lesser ones\n`)
} else {
  process.stderr.write(`audit: the registry gave no answer, so nothing is known: ${verdict.why}\n`)
}
