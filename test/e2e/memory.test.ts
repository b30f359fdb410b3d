/** A window that holds far more records than one job, through real processes: `npm run bench -- memory` takes more. */
import { expect, test } from 'vitest'
import { openBench } from '../../bench/stores.js'
import { memory } from '../../bench/scenarios/memory.js'
import { distUrl } from '../support/cli.js'

const records = 100_000

test('100,000 records in one version are shared out, and a worker stays below 300 MB', async () => {
  const bench = await openBench()
  try {
    const result = await memory(bench, 'in one version', records, () => undefined, distUrl)
    expect(result.peak).toBeLessThan(300 * 2 ** 20)
    expect(result.peak).toBeGreaterThan(0)
    // Windows whose overlaps meet may write the same record at the same time.
    expect(result.written).toBeGreaterThanOrEqual(records)
    expect(result.met).toBeGreaterThanOrEqual(result.written)
  } finally {
    await bench.close()
  }
}, 600_000)
