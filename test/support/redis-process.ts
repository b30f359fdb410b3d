/** A redis-server of a test's own, with the settings of the test. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface RedisProcess {
  close(): Promise<void>
}

/** Resolves once it accepts connections. A sentinel writes to its own settings, so everything lies in a folder of its own. */
export const startRedis = async (
  settings: Readonly<Record<string, string>>,
  { more = [], sentinel = false }: { readonly more?: readonly string[]; readonly sentinel?: boolean } = {},
): Promise<RedisProcess> => {
  const folder = mkdtempSync(join(tmpdir(), 'caes-redis-'))
  const file = join(folder, 'redis.conf')
  const lines = Object.entries({ bind: '127.0.0.1', dir: folder, ...settings }).map(
    ([name, value]) => `${name} ${JSON.stringify(value)}`,
  )
  writeFileSync(file, `${[...lines, ...more].join('\n')}\n`, { mode: 0o600 })
  const child = spawn('redis-server', [file, ...(sentinel ? ['--sentinel'] : [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  let log = ''
  const begun = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      log += text
      if (/Ready to accept connections|Sentinel ID is/.test(log)) resolve()
    })
  })
  const failed = ended.then(() => Promise.reject(new Error(`redis-server ended:\n${log}`)))
  failed.catch(() => undefined) // it ends in any case
  await Promise.race([begun, failed])
  return {
    close: async () => {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
