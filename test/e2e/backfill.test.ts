import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { versionAt } from '../../src/core/version.js'
import { caesSync, configFile } from '../support/cli.js'
import { eventually } from '../support/eventually.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'
import { openService, type ServiceFixture } from '../support/service.js'
import { plant, type Planted } from '../support/planted.js'
import { plantedPair, writePlanted } from '../support/volume.js'

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))
const records = 20_000

describe('a backfill that is killed in the middle', () => {
  let pair: PairFixture
  let file: ReturnType<typeof configFile>
  beforeAll(async () => {
    pair = await openPair({ ...plantedPair, sync: { settle: '500ms', overlap: '4s', freshness: '1s' } })
    file = configFile(pair.configText)
    // Half of them are in Cassandra alone, half in Elasticsearch alone.
    const equal = plant(records, 0, versionAt(Date.now() * 1_000, 's') - 1_000, 31)
    const oneSided = equal.map(({ id, what, document, row }, index): Planted =>
      index % 2 === 0 ? { id, what, document: document! } : { id, what, row: row! },
    )
    await writePlanted(pair, oneSided)
  })
  afterAll(async () => {
    file.remove()
    await pair.close()
  })

  const partsDone = async (): Promise<number> => {
    const { rows } = await pair.cassandra
      .execute(`SELECT part FROM ${pair.name}.caes_run_part`)
      .catch(() => ({ rows: [] }))
    return rows.length
  }

  test('goes on with what is not done, stays below 300 MB, and leaves both stores equal', async () => {
    const child = spawn(process.execPath, [main, 'backfill', '--from', 'both', '--rate', '4000', '-c', file.path], {
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => void child.once('exit', (_, signal) => resolve(signal)))
    await eventually(async () => expect(await partsDone()).toBeGreaterThan(2), 60_000)
    child.kill('SIGKILL')
    expect(await ended).toBe('SIGKILL')
    const before = await partsDone()

    const again = await caesSync(['backfill', '--from', 'both', '--local', '--json', '-c', file.path])
    expect(again.stderr).toContain('going on with the backfill')
    expect(again.code).toBe(0)
    const told = JSON.parse(again.stdout) as { read: number; written: object; rejected: number }
    // The part that was under way when it was killed is read again, and what it had written is equal by then.
    expect(told).toMatchObject({ pair: 'default', run: 1, rejected: 0 })
    expect(before).toBeGreaterThan(2)
    expect(again.peakMemory).toBeGreaterThan(0)
    expect(again.peakMemory).toBeLessThan(300 * 2 ** 20)

    const verified = await caesSync(['verify', '--json', '-c', file.path])
    expect(JSON.parse(verified.stdout)).toEqual({
      compared: records,
      differences: 0,
      repaired: 0,
      rejected: 0,
      open: 0,
    })
    expect(verified.code).toBe(0)
  })

  test('needs to be told whose records to copy', async () => {
    const { code, stderr } = await caesSync(['backfill', '-c', file.path])
    expect(stderr).toContain('--from')
    expect(code).toBe(2)
  })
})

describe('a backfill by workers', () => {
  const few = 2_000
  let service: ServiceFixture
  beforeAll(async () => {
    service = await openService({
      ...plantedPair,
      sync: { settle: '500ms', overlap: '4s', freshness: '1s' },
      more: { worker: { lock: '2s' } },
    })
    const equal = plant(few, 0, versionAt(Date.now() * 1_000, 's') - 1_000, 33)
    await writePlanted(
      service.pair,
      equal.map(({ id, what, document, row }, index): Planted =>
        index % 2 === 0 ? { id, what, document: document! } : { id, what, row: row! },
      ),
    )
  })
  afterAll(() => service.close())

  test('goes on by itself when nobody watches it, and when a worker is killed in the middle and another one comes', async () => {
    const { pair, file, start } = service
    const partsDone = async (): Promise<number> => {
      const { rows } = await pair.cassandra
        .execute(`SELECT part FROM ${pair.name}.caes_run_part`)
        .catch(() => ({ rows: [] }))
      return rows.length
    }
    const victim = await start('worker')
    // So slow that it does not end by itself, however slow the machine is.
    const watching = spawn(process.execPath, [main, 'backfill', '--from', 'both', '--rate', '40', '-c', file.path])
    let said = ''
    watching.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const left = new Promise((resolve) => void watching.once('close', resolve))
    await eventually(async () => expect(await partsDone()).toBeGreaterThan(0), 60_000)
    watching.kill('SIGINT')
    expect(await left).toBe(130)
    expect(said).toContain('the workers go on')
    const status = await caesSync(['status', '--json', '-c', file.path])
    expect(JSON.parse(status.stdout)).toMatchObject({
      pairs: [{ runs: [{ purpose: 'copy', from: 'both', parts: {} }] }],
    })

    await start('worker')
    victim.kill('SIGKILL')
    const before = await partsDone()
    const copying = caesSync(['backfill', '--from', 'both', '--json', '-c', file.path])
    const { code, stdout, stderr } = await copying
    expect(before).toBeGreaterThan(0)
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stderr).toContain('going on with the backfill')
    expect(JSON.parse(stdout)).toMatchObject({ pair: 'default', run: 1, rejected: 0 })

    const verified = await caesSync(['verify', '--json', '-c', file.path])
    expect(JSON.parse(verified.stdout)).toMatchObject({ compared: few, differences: 0 })
  })
})
