import { describe, expect, it } from 'vitest'
import { MemoryRunStore } from '../../../src/adapters/memory/memory-run-store.js'
import { noResult, type Run, type RunPlan } from '../../../src/core/run.js'
import { planParts } from '../../../src/sync/plan-parts.js'
import { startRun } from '../../../src/sync/start-run.js'
import { testClock, testPartQueue } from '../../support/daemon/memory-ports.js'

const cut = { rowParts: 3, cuts: [10], expected: 100, begunAt: 1 }
const copy: RunPlan = { purpose: 'copy', source: 'both', cut }

const setUp = () => ({ runs: new MemoryRunStore(), parts: testPartQueue(), clock: testClock(1_000_000) })
const start = async (deps: ReturnType<typeof setUp>, plan = copy): Promise<Run> => (await startRun('a', plan, deps)).run

describe('the parts of a run', () => {
  it('are handed out by two planners at once, and again after the queue was lost, but for those that are done', async () => {
    const deps = setUp()
    const run = await start(deps)
    await Promise.all([planParts('a', deps), planParts('a', deps)])
    expect(deps.parts.handedOut.map(([, step]) => step)).toEqual([0, 1, 2, 3, 4])

    await deps.runs.finishPart(run, 1, noResult)
    deps.parts.steps.clear()
    await planParts('a', deps)
    expect([...deps.parts.steps.get(run.number)!]).toEqual([0, 2, 3, 4])
  })

  it('are handed out by one and the same step again while they are not in the queue', async () => {
    const deps = setUp()
    const run = await start(deps)
    await planParts('a', deps)
    deps.parts.steps.get(run.number)!.delete(2)
    expect((await planParts('a', deps))[0]?.steps).toEqual([2])
  })

  it('follow from the cut, which comes first', async () => {
    const deps = setUp()
    const run = await start(deps, { purpose: 'copy', source: 'both' })
    expect(await planParts('a', deps)).toMatchObject([{ steps: ['cut'], of: undefined, ended: false }])
    await deps.runs.replan(run, { ...run.plan, cut })
    deps.parts.steps.clear()
    expect(await planParts('a', deps)).toMatchObject([{ steps: [0, 1, 2, 3, 4], of: 5 }])
  })

  it('are left to the process that the run belongs to', async () => {
    const deps = setUp()
    await start(deps, { ...copy, local: true })
    expect(await planParts('a', deps)).toEqual([])
    expect(deps.parts.handedOut).toEqual([])
  })

  it('end the run once all are done, and one planner says so', async () => {
    const deps = setUp()
    const run = await start(deps)
    for (const part of [0, 1, 2, 3, 4]) await deps.runs.finishPart(run, part, { ...noResult, read: 2 })
    const all = await Promise.all([planParts('a', deps), planParts('a', deps)])
    expect(all.flat().filter(({ ended }) => ended)).toMatchObject([{ result: { read: 10 } }])
    expect((await deps.runs.list('a'))[0]?.finishedAt).toBe(1_000)
    expect(await planParts('a', deps)).toEqual([])
  })
})

describe('the parts of an audit', () => {
  it('are handed out one at a time, spread over its time, and catch up when that has passed', async () => {
    const deps = setUp()
    const run = await start(deps, { ...copy, purpose: 'audit', within: 1_000 })
    const steps = async () => (await planParts('a', deps)).map((each) => each.steps)
    const done = async (part: number) => {
      await deps.runs.finishPart(run, part, noResult)
      deps.parts.steps.clear()
    }
    expect(await steps()).toEqual([[0]])
    deps.clock.advance(500_000)
    expect(await steps()).toEqual([[]])
    await done(0)
    expect(await steps()).toEqual([[1]])
    await done(1)
    expect(await steps()).toEqual([[2]])
    await done(2)
    expect(await steps()).toEqual([[]])
    deps.clock.advance(100_000)
    expect(await steps()).toEqual([[3]])
  })
})

describe('a run', () => {
  it('of another purpose is another run, also when both are started at once', async () => {
    const deps = setUp()
    const [one, two, three] = await Promise.all([
      startRun('a', copy, deps),
      startRun('a', { ...copy, purpose: 'reconciliation' }, deps),
      startRun('a', copy, deps),
    ])
    expect(one.run).toEqual(three.run)
    expect(new Set([one.run.number, two.run.number])).toEqual(new Set([1, 2]))
    expect(two.run.plan.purpose).toBe('reconciliation')
  })
})
