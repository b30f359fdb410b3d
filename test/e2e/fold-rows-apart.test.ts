import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PairConfig } from '../../src/config/config.js'
import { parseConfig } from '../../src/config/load.js'
import { splitRing } from '../../src/core/run-part.js'
import { versionAt } from '../../src/core/version.js'
import { foldRowsOf, type FoldRows } from '../../src/sync/fold-rows.js'
import { forEverything } from '../../src/sync/pair.js'
import { projectRoot } from '../../stack/folder.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'
import { plant } from '../support/planted.js'
import { plantedPair, writePlanted } from '../support/volume.js'

/** The built one: a thread begins with a file. */
const built = pathToFileURL(join(projectRoot, 'dist/src/cli/fold-rows-apart.js')).href

describe.each(['timeseries', 'writetime'] as const)('rows folded by a thread, versioning %s', (versioning) => {
  let pair: PairFixture
  let config: PairConfig
  let foldRowsApart: (config: PairConfig) => FoldRows
  const parts = splitRing(4)
  beforeAll(async () => {
    ;({ foldRowsApart } = (await import(built)) as { readonly foldRowsApart: typeof foldRowsApart })
    pair = await openPair({ ...plantedPair, cassandraConfig: { versioning } })
    await writePlanted(pair, plant(3_000, 0, versionAt(Date.now() * 1_000, 's') - 1_000, 31))
    const { pairs } = await parseConfig({ text: pair.configText, env: {}, baseDir: '.', home: '.' })
    config = pairs[0]!
  })
  afterAll(() => pair.close())

  const fold = async (folding: FoldRows, signal = new AbortController().signal) => {
    let read = 0
    const sketch = await folding({ parts, cells: undefined, onRead: (records) => (read += records), signal })
    return { read, sketch: Buffer.from(sketch) }
  }

  test('leave the same sketch as those that this thread folds', async () => {
    const here = await fold(foldRowsOf(forEverything(pair.pair)))
    const apart = await fold(foldRowsApart(config))
    expect(apart.read).toBe(3_000)
    expect(here.read).toBe(3_000)
    expect(apart.sketch.equals(here.sketch)).toBe(true)
    expect(apart.sketch.some((byte) => byte !== 0)).toBe(true)
  })

  test('fail with what went wrong there, in its own words', async () => {
    const { cassandra } = config
    const gone: PairConfig = { ...config, cassandra: { ...cassandra, dataTable: 'no_such_table' } }
    await expect(fold(foldRowsApart(gone))).rejects.toMatchObject({
      name: 'CaesError',
      code: 'CAES_SCHEMA_MISMATCH',
      message: expect.stringContaining('no_such_table') as string,
    })
  })

  test('are left with the signal, in the middle as before the start', async () => {
    const stop = new AbortController()
    const folding = foldRowsApart(config)
    const middle = folding({
      parts,
      cells: undefined,
      onRead: () => stop.abort(new Error('enough')),
      signal: stop.signal,
    })
    await expect(middle).rejects.toThrow('enough')
    await expect(fold(folding, stop.signal)).rejects.toThrow('enough')
  })
})
