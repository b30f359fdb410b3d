import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseHash, verifyPassword } from '../../src/runtime/password-hash.js'
import { caesSync, configFile } from '../support/cli.js'

const mainFile = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

/** What comes in by a pipe, as from a file or a secret manager. */
const hashOf = async (input: string) => {
  const child = spawn(process.execPath, [mainFile, 'hash-password'], { stdio: ['pipe', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number]
  return { code, stdout, stderr }
}

test('hash-password prints what stands for a password, and the password nowhere', async () => {
  const { code, stdout, stderr } = await hashOf('correct horse battery\n')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).not.toContain('horse')
  expect(await verifyPassword('correct horse battery', parseHash(stdout.trim())!)).toBe(true)
})

test.each([
  ['short', 'short'],
  ['nothing', ''],
  ['endless', 'x'.repeat(100_000)],
])('a password that is %s is refused', async (_, input) => {
  const { code, stderr } = await hashOf(input)
  expect(code).toBe(2)
  expect(stderr).toContain('from 8 to 1000 characters')
})

test.each(['dashboard', 'all'])('run --role %s is not opened to other machines without users', async (role) => {
  const file = configFile(
    'interval: 60\nElasticSearchConfig: { index: s }\nCassandraConfig: { keyspace: k, dataColumnFamily: d }\n',
  )
  try {
    const { code, stderr } = await caesSync(['run', '--role', role, '--listen', '0.0.0.0:0', '-c', file.path])
    expect(stderr).toContain('[CAES_CONFIG_INVALID]')
    expect(stderr).toContain('http.users')
    expect(code).toBe(78)
  } finally {
    file.remove()
  }
})
