import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { versionAt } from '../../src/core/version.js'
import { caesSync, configFile, type CliResult } from '../support/cli.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'
import { plant, type Planted } from '../support/planted.js'
import { plantedPair, writePlanted } from '../support/volume.js'

const idsIn = (list: readonly { readonly id?: unknown }[]): string[] => list.map(({ id }) => String(id)).toSorted()

const lines = ({ stdout }: CliResult): Record<string, unknown>[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('verify on twenty thousand records with fifty differences', () => {
  let pair: PairFixture
  let file: ReturnType<typeof configFile>
  let all: readonly Planted[]
  const differing = (): Planted[] => all.filter(({ difference }) => difference !== undefined)
  const verify = (...args: string[]): Promise<CliResult> => caesSync(['verify', '-c', file.path, ...args])
  beforeAll(async () => {
    pair = await openPair({ ...plantedPair, sync: { settle: '500ms', overlap: '4s', freshness: '1s' } })
    file = configFile(pair.configText)
    all = plant(20_000, 50, versionAt(Date.now() * 1_000, 's') - 1_000, 21)
    await writePlanted(pair, all)
  })
  afterAll(async () => {
    file.remove()
    await pair.close()
  })

  test('tells each as a line of JSON and last a summary, ends with 3, and stays below 250 MB', async () => {
    const result = await verify('--json')
    expect(result.code).toBe(3)
    const told = lines(result)
    expect(told.pop()).toEqual({ compared: 20_000, differences: 50, repaired: 0, rejected: 0, open: 0 })
    expect(idsIn(told)).toEqual(idsIn(differing()))
    const missing = differing().find(({ what }) => what === 'missing row')!
    expect(told.find(({ id }) => id === missing.id)).toEqual({
      pair: 'default',
      id: missing.id,
      kind: 'missing',
      elasticsearch: { version: missing.document!.version },
      cassandra: null,
      fields: ['tags', 'vint', 'vstring'].map((name) => ({
        name,
        elasticsearch: missing.document!.source[name],
        cassandra: null,
      })),
    })
    expect(result.peakMemory).toBeGreaterThan(0)
    expect(result.peakMemory).toBeLessThan(250 * 2 ** 20)
  })

  test('shows what differs to people, as far as a range goes', async () => {
    const [one] = differing().filter(({ what, entry }) => what === 'content of one cell' && entry !== undefined)
    const { version } = one!.document!
    const result = await verify('--from', String(version), '--to', String(version + 1), '-q')
    expect(result).toMatchObject({ code: 3, stdout: '' })
    const { stdout } = await verify('--from', String(version), '--to', String(version + 1))
    expect(stdout).toContain(`content  ${one!.id}  ${new Date(version * 1_000).toISOString()} on both sides`)
    expect(stdout).toMatch(/vint\s+Elasticsearch {2}\d+\n\s+Cassandra {6}\d+\n/)
    expect(stdout).toMatch(/default: compared \d+ records?: \d+ difference/)
  })

  test('compares a sample', async () => {
    const result = await verify('--sample', '500', '--json')
    expect(lines(result).at(-1)).toMatchObject({ compared: 500 })
  })

  test('repairs all of them and ends with 0, as does every comparison after that', async () => {
    const repairing = await verify('--repair', '--json')
    expect(repairing.code).toBe(0)
    expect(lines(repairing).filter(({ repaired }) => repaired === true)).toHaveLength(50)
    expect(lines(repairing).at(-1)).toMatchObject({ differences: 50, repaired: 50 })
    expect(repairing.peakMemory).toBeLessThan(250 * 2 ** 20)
    const again = await verify()
    expect(again.stdout).toBe('default: compared 20,000 records: both sides are equal\n')
    expect(again.code).toBe(0)
    const full = await verify('--full', '--json')
    expect(lines(full)).toEqual([{ compared: 20_000, differences: 0, repaired: 0, rejected: 0, open: 0 }])
  })

  test('ends with 4 where records cannot be synced as they are, and names them', async () => {
    await pair.index('no uuid', 500, { vint: 1 })
    const result = await verify('--from', '0', '--to', '1000')
    expect(result.code).toBe(4)
    expect(result.stderr).toContain('no uuid in elasticsearch: ID_NOT_UUID')
  })

  test.each([
    [['--sample', '5', '--full'], 'three different comparisons'],
    [['--from', '5'], '--to is missing'],
    [['--from', '5', '--to', '5'], 'the range is empty'],
    [['--sample', 'many'], 'whole number'],
    [['--pair', 'orders'], 'there is no pair "orders"'],
  ])('%j is a usage error', async (args, text) => {
    const { code, stderr } = await verify(...args)
    expect(stderr).toContain(text)
    expect(code).toBe(2)
  })
})
