import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { auditVerdict } from '../../supply/audit-verdict.js'

const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8')

interface Locked {
  readonly version?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
}
const packagesOf = (name: string) =>
  Object.entries((JSON.parse(read(name)) as { packages: Record<string, Locked> }).packages).filter(([at]) => at !== '')

describe('the lock file', () => {
  test('has a checksum for every package that is installed', () => {
    const locked = new Map(packagesOf('package-lock.json'))
    const installed = packagesOf('node_modules/.package-lock.json').map(([at]) => at)
    expect(installed.length).toBeGreaterThan(80)
    expect(installed.filter((at) => locked.get(at)?.integrity?.startsWith('sha512-') !== true)).toEqual([])
  })

  test('names no place to download from, so that every registry will do and none is trusted more', () => {
    expect(packagesOf('package-lock.json').filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
    expect(read('package-lock.json')).not.toMatch(/registry\.|\.tgz/)
  })

  test('is of exact versions', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect(`${name} ${version}`).toMatch(/ \d+\.\d+\.\d+$/)
    }
  })
})

test('nothing that is installed runs a script of its own', () => {
  expect(read('setup.mjs')).toContain("'--ignore-scripts'")
  for (const [, command] of read('Dockerfile').matchAll(/(npm (?:ci|install|prune)[^&\n]*)/g)) {
    expect(command).toContain('--ignore-scripts')
  }
})

test('every dependency has its reason', () => {
  const reasons = read('docs/dependencies.md')
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) expect(reasons).toContain(`\`${name}\``)
})

describe('the image', () => {
  const stages = read('Dockerfile')
    .split(/^FROM /m)
    .slice(1)

  test('does not run as root, and holds nothing of the build', () => {
    const last = stages.at(-1)!
    expect(last).toMatch(/^USER (?!root|0\b)\S+$/m)
    expect(last.indexOf('USER ')).toBeLessThan(last.indexOf('ENTRYPOINT'))
    expect(last).not.toMatch(/COPY (?!--from=build)/)
  })

  test('says how to pin what it is built on, which all stages share', () => {
    const names = stages.map((stage) => / AS (\S+)/.exec(stage)?.[1])
    const bases = stages.map((stage) => stage.split(/\s/)[0]).filter((base) => !names.includes(base))
    expect(bases.length).toBeGreaterThan(1)
    expect(new Set(bases)).toEqual(new Set(['${NODE_IMAGE}']))
    expect(read('Dockerfile')).toContain('NODE_IMAGE')
    expect(read('Dockerfile')).toContain('@sha256:')
  })

  test('is built without what may hold secrets', () => {
    const ignored = read('.dockerignore').split('\n')
    for (const name of ['.git', '.stack', 'node_modules', 'dist', 'caes-sync.yaml']) expect(ignored).toContain(name)
  })
})

describe('an audit', () => {
  const report = (severities: Record<string, string>): string =>
    JSON.stringify({
      auditReportVersion: 2,
      vulnerabilities: Object.fromEntries(Object.entries(severities).map(([name, severity]) => [name, { severity }])),
    })

  test.each([
    [report({}), { kind: 'clean', known: 0 }],
    [report({ a: 'low', b: 'moderate' }), { kind: 'clean', known: 2 }],
    [report({ a: 'low', b: 'high', c: 'critical' }), { kind: 'vulnerable', packages: ['b', 'c'] }],
  ])('%s', (output, verdict) => {
    expect(auditVerdict(output)).toEqual(verdict)
  })

  test.each([
    ['', 'it was no report'],
    ['<html>502 Bad Gateway</html>', 'it was no report'],
    ['null', 'it was no report'],
    ['{"auditReportVersion":2}', 'it was no report'],
    ['{"message":"405 Method Not Allowed","error":{"summary":"","detail":""}}', '405 Method Not Allowed'],
  ])('%s is no finding, but no answer', (output, why) => {
    expect(auditVerdict(output)).toEqual({ kind: 'no answer', why })
  })

  test('is part of what a clone has to pass', () => {
    expect(read('.ci/run')).toContain('npm run --silent audit')
    expect(existsSync(new URL('../../supply/main.ts', import.meta.url))).toBe(true)
  })
})
