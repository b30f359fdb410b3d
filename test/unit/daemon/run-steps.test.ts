import { describe, expect, it } from 'vitest'
import { MemoryRunStore } from '../../../src/adapters/memory/memory-run-store.js'
import type { Reject } from '../../../src/core/reject.js'
import { noResult, type Run, type RunPlan } from '../../../src/core/run.js'
import { createRunSteps, type RunStepDeps } from '../../../src/daemon/run-steps.js'
import { startRun } from '../../../src/sync/start-run.js'
import { testClock, testLogger } from '../../support/daemon/memory-ports.js'

const cut = { rowParts: 3, cuts: [10], expected: 100, begunAt: 1 }
const plan: RunPlan = { purpose: 'copy', source: 'both', cut }
const live = new AbortController().signal
const reading = { goOn: () => undefined, onRead: () => undefined }

const setUp = async (more: Partial<RunStepDeps> = {}, planned: RunPlan = plan) => {
  const runs = new MemoryRunStore()
  const clock = testClock(5)
  const { run } = await startRun('a', planned, { runs, clock })
  const places: unknown[] = []
  const listed: Reject[] = []
  const work = createRunSteps({
    runs,
    clock,
    logger: testLogger(),
    metrics: { partWorked: () => undefined },
    paces: { wait: async (line, records, rate) => void places.push([line, records, rate]) },
    rejects: { add: async (_, rejects) => void listed.push(...rejects) },
    isBusy: () => false,
    cutRun: async (each: Run) => each,
    workOnPart: async (_run, _part, { pace, signal }) => {
      await pace(2_000, signal)
      return { result: { ...noResult, read: 2_000 }, rejects: [] }
    },
    ...more,
  })
  const job = (step: 'cut' | number) => ({ pair: 'a', run: run.number, step, what: 'copy' })
  return {
    runs,
    run,
    clock,
    places,
    listed,
    work: (step: 'cut' | number, signal = live) => work(job(step), reading, signal),
  }
}

describe('a step of a run', () => {
  it('notes that its part is done, with what it did', async () => {
    const { runs, run, work } = await setUp()
    expect(await work(2)).toMatchObject({ read: 2_000 })
    expect(await runs.finishedParts(run)).toEqual(new Map([[2, { ...noResult, read: 2_000 }]]))
  })

  it('waits for its place where the run has a rate', async () => {
    const { work, places } = await setUp({}, { ...plan, rate: 500 })
    await work(0)
    expect(places).toEqual([['a.1', 2_000, 500]])
    expect((await setUp()).places).toEqual([])
  })

  it('lets windows go first: while they take all places it rests before it reads, a second at most', async () => {
    let looks = 0
    const soonFree = await setUp({ isBusy: () => (looks += 1) <= 3 })
    await soonFree.work(0)
    expect(soonFree.clock.slept).toEqual([100_000, 100_000, 100_000])
    const never = await setUp({ isBusy: () => true })
    await never.work(0)
    expect(never.clock.slept.reduce((sum, span) => sum + span, 0)).toBe(1_000_000)
  })

  it('is nothing where the run has ended, is gone, or belongs to a process', async () => {
    const { runs, run, work } = await setUp({ workOnPart: () => Promise.reject(new Error('worked')) })
    await expect(work(0)).rejects.toThrow('worked')
    await runs.finish(run, 1, noResult)
    expect(await work(0)).toBeNull()
    expect(await (await setUp({}, { ...plan, local: true })).work(0)).toBeNull()
  })

  it('does not count as done before what it set aside is listed, nor for a worker that has lost it', async () => {
    const reject: Reject = { id: 'x', side: 'elasticsearch', reason: 'ID_NOT_UUID', detail: 'no' }
    const outcome = async () => ({ result: { ...noResult, rejected: 1 }, rejects: [reject] })
    const away = await setUp({ workOnPart: outcome, rejects: { add: () => Promise.reject(new Error('away')) } })
    await expect(away.work(0)).rejects.toThrow('away')
    expect(await away.runs.finishedParts(away.run)).toEqual(new Map())

    const stop = new AbortController()
    const lost = await setUp({ workOnPart: outcome, rejects: { add: async () => stop.abort(new Error('lock lost')) } })
    await expect(lost.work(0, stop.signal)).rejects.toThrow('lock lost')
    expect(await lost.runs.finishedParts(lost.run)).toEqual(new Map())
  })
})
