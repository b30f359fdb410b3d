import { afterAll, beforeAll, expect, test } from 'vitest'
import { MemoryRunStore } from '../../src/adapters/memory/memory-run-store.js'
import { partsOfCut, totalOf, type PartResult } from '../../src/core/run.js'
import { versionAt } from '../../src/core/version.js'
import { forEverything } from '../../src/sync/pair.js'
import { openRunLabels } from '../../src/sync/run-labels.js'
import { unhurried } from '../../src/sync/pace.js'
import { cutRun, startRun } from '../../src/sync/start-run.js'
import { workOnPart } from '../../src/sync/work-on-part.js'
import { second } from '../support/default-rules.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'
import { plant } from '../support/planted.js'
import { plantedPair, writePlanted } from '../support/volume.js'

let pair: PairFixture
beforeAll(async () => {
  pair = await openPair({ ...plantedPair, sync: { settle: '500ms', overlap: '8s', freshness: '2s' } })
  await writePlanted(pair, plant(2_000, 100, versionAt(Date.now() * 1_000, 's') - 1_000, 19))
})
afterAll(() => pair.close())

test('an audit of everything finds and repairs every planted difference, part by part, and the next one finds none', async () => {
  const live = new AbortController().signal
  const deps = { runs: new MemoryRunStore(), clock: pair.pair.clock }
  const audit = async (): Promise<PartResult> => {
    const { run: announced } = await startRun('default', { purpose: 'audit', source: 'both' }, deps)
    const run = await cutRun(pair.pair, announced, deps.runs, live, 500)
    const labels = await openRunLabels(forEverything(pair.pair), 0, live)
    const results: PartResult[] = []
    for (const part of partsOfCut(run.plan.cut!).keys()) {
      const options = { dryRun: false, pace: unhurried, signal: live, grace: 14 * second }
      results.push((await workOnPart(pair.pair, run, part, labels, options)).result)
    }
    await deps.runs.finish(run, 1, totalOf(results))
    return totalOf(results)
  }
  expect(await audit()).toMatchObject({ differences: 100, repaired: 100, left: 0, rejected: 0 })
  expect(await audit()).toMatchObject({ differences: 0, repaired: 0 })
})
