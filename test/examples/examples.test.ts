/**
 * The programs of docs/examples, run as a reader would run them. What each writes has to be what the contract asks for:
 * one window later both stores hold both of its records.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpointsFrom } from '../../src/demo/schema.js'
import { eventually } from '../support/eventually.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

interface Program {
  readonly language: string
  /** Commands in the folder of the example, one after the other; the last is the program itself. */
  readonly commands: readonly (readonly [string, ...string[]])[]
}

const python = 'venv/bin/python'
const programs: readonly Program[] = [
  { language: 'JavaScript', commands: [[process.execPath, 'write.mjs']] },
  {
    language: 'Python',
    commands: [
      ['python3', '-m', 'venv', 'venv'],
      [python, '-m', 'pip', 'install', '--quiet', 'elasticsearch>=8,<9', 'cassandra-driver'],
      [python, 'write.py'],
    ],
  },
  { language: 'Java', commands: [['mvn', '-B', '-q', '-ntp', 'compile', 'exec:java']] },
]

const run = (
  cwd: string,
  [program, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(stdout)
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stderr}\n${stdout}`))
    })
  })

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

describe.each(programs)('the example in $language', ({ language, commands }) => {
  let pair: PairFixture
  let folder: string

  beforeAll(async () => {
    pair = await openPair({
      columns: '"user" text, message text, deleted boolean',
      mappings: { properties: { timestamp: { type: 'long' } } },
    })
    // A copy, so that nothing that it installs or compiles ends up among the sources.
    folder = mkdtempSync(join(tmpdir(), 'caes-sync-example-'))
    cpSync(join(root, 'docs/examples', language.toLowerCase()), folder, { recursive: true })
    if (language === 'JavaScript') symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await pair.close()
  })

  it(
    'writes to both stores, and one window later each has what the other was given',
    { timeout: 300_000 },
    async () => {
      const { elasticsearch, cassandra } = endpointsFrom(process.env)
      const env = { ES_URL: elasticsearch, CASSANDRA: cassandra, INDEX: pair.name, KEYSPACE: pair.name }
      const from = Math.floor(Date.now() / 1_000) - 1
      let printed = ''
      for (const command of commands) printed = await run(folder, command, env)
      const [indexed = '', inserted = ''] = printed.match(uuid) ?? []

      // The program deletes its row a moment after writing it, one version on, so ahead of its cells: that is held at first.
      const written = { elasticsearch: 0, cassandra: 0 }
      await eventually(async () => {
        const { report } = await pair.sync(from, Math.floor(Date.now() / 1_000) + 10)
        expect(report).toMatchObject({ rejected: 0, ties: 0 })
        written.elasticsearch += report.written.elasticsearch
        written.cassandra += report.written.cassandra
        expect(written).toEqual({ elasticsearch: 1, cassandra: 1 })
      })
      expect(await pair.row(indexed)).toMatchObject({ user: 'ann', message: `from ${language}` })
      const deleted = await pair.document(inserted)
      expect(deleted?.source).toEqual({ user: 'bob', deleted: true, timestamp: deleted?.version })
    },
  )
})
