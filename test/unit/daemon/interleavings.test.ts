/**
 * Planners and workers at the same time, each of them killed at any request, before or after it took effect. The
 * scheduler of fast-check orders the requests.
 */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MemoryPauseStore } from '../../../src/adapters/memory/memory-pause-store.js'
import { MemoryRunStore } from '../../../src/adapters/memory/memory-run-store.js'
import { startAt } from '../../../src/core/progress.js'
import { uncovered, type Window } from '../../../src/core/window.js'
import { acknowledgeWindow, type LastSeen } from '../../../src/sync/acknowledge-window.js'
import { planWindows, type PlannedPair, type PlanningDeps } from '../../../src/sync/plan-windows.js'
import { testCheckpoints, testClock, testQueue } from '../../support/daemon/memory-ports.js'

const second = 1_000_000
const start = 1_003
const pair: PlannedPair = {
  name: 'a',
  unit: 's',
  settle: 0,
  entries: { ttl: 3_600 * second, overlap: 20 * second, interval: 10 * second, usualLag: 32 * second },
  cadence: { step: 10, maxOpen: 4 },
}
const never = new AbortController().signal

class Killed extends Error {}

/** What happens to one request: it goes through, or its process dies before or after it took effect. */
type Fate = 'goes through' | 'never arrives' | 'is not answered'
const fate = fc.oneof(
  { weight: 20, arbitrary: fc.constant<Fate>('goes through') },
  { weight: 1, arbitrary: fc.constant<Fate>('never arrives') },
  { weight: 1, arbitrary: fc.constant<Fate>('is not answered') },
)
const actor = fc.oneof(
  { weight: 3, arbitrary: fc.constant('planner' as const) },
  { weight: 6, arbitrary: fc.constant('worker' as const) },
  { weight: 1, arbitrary: fc.constant('flush' as const) },
)

const world = () => {
  const checkpoints = testCheckpoints()
  const queue = testQueue()
  const clock = testClock(start * second)
  checkpoints.reset(pair.name, startAt(start))
  const worked: Window[] = []
  const processes = Array.from({ length: 3 }, () => new Map<string, LastSeen>())
  let watermark = start
  const put = checkpoints.compareAndSet.bind(checkpoints)
  checkpoints.compareAndSet = async (name, seen, progress) => {
    const exchange = await put(name, seen, progress)
    if (exchange.applied) {
      // At every single step, not only in the end.
      expect(progress.watermark).toBeGreaterThanOrEqual(watermark)
      expect(uncovered({ from: start, to: progress.watermark }, worked)).toEqual([])
      watermark = progress.watermark
    }
    return exchange
  }
  const close = ({ from, to }: Window): void => {
    const open = queue.windows.get(pair.name) ?? []
    queue.windows.set(
      pair.name,
      open.filter((each) => each.from !== from || each.to !== to),
    )
  }
  return {
    checkpoints,
    queue,
    clock,
    pauses: new MemoryPauseStore(),
    runs: new MemoryRunStore(),
    worked,
    processes,
    close,
  }
}
type World = ReturnType<typeof world>
type Send = <T>(apply: () => Promise<T>) => Promise<T>

const planner = ({ checkpoints, queue, clock, pauses, runs }: World, send: Send): Promise<unknown> => {
  const deps: PlanningDeps = {
    clock,
    pauses,
    runs,
    checkpoints: {
      read: (name) => send(() => checkpoints.read(name)),
      glance: (name) => send(() => checkpoints.glance(name)),
      create: (name, progress) => send(() => checkpoints.create(name, progress)),
      compareAndSet: (name, seen, progress) => send(() => checkpoints.compareAndSet(name, seen, progress)),
    },
    queue: {
      open: () => send(() => queue.open()),
      // One job after the other: a planner may die between any two of them.
      enqueue: async (name, windows) => {
        for (const window of windows) await send(() => queue.enqueue(name, [window]))
      },
      enqueueAudit: queue.enqueueAudit,
    },
  }
  return planWindows([pair], deps)
}

const worker = async ({ checkpoints, queue, clock, worked, processes, close }: World, send: Send, index: number) => {
  // Several acts are those of one process, which may have seen the progress long ago.
  const lastSeen = processes[index % processes.length]!
  const open = queue.windows.get(pair.name) ?? []
  const window = open[index % Math.max(1, open.length)]
  if (window === undefined) return
  await send(async () => worked.push(window))
  const fenced = {
    read: (name: string) => send(() => checkpoints.read(name)),
    glance: (name: string) => send(() => checkpoints.glance(name)),
    create: checkpoints.create,
    compareAndSet: (...args: Parameters<typeof checkpoints.compareAndSet>) =>
      send(() => checkpoints.compareAndSet(...args)),
  }
  await acknowledgeWindow(pair.name, window, never, { checkpoints: fenced, clock, lastSeen, random: () => 0 })
  await send(async () => close(window))
}

test('windows tile time and the watermark never jumps or steps back, whoever dies at which request', async () => {
  const act = fc.record({ actor, seconds: fc.nat(25), index: fc.nat(9) })
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(act, { minLength: 10, maxLength: 50, size: 'max' }),
      fc.infiniteStream(fate),
      async (scheduler, acts, fates) => {
        const all = world()
        const send: Send = async (apply) => {
          const { value = 'goes through' } = fates.next() as { value?: Fate }
          await scheduler.schedule(Promise.resolve())
          if (value === 'never arrives') throw new Killed()
          const answer = await apply()
          if (value === 'is not answered') throw new Killed()
          return answer
        }
        const mayDie = async (work: Promise<unknown>): Promise<void> => {
          await work.catch((error: unknown) => {
            if (!(error instanceof Killed)) throw error
          })
        }
        const running: Promise<void>[] = []
        for (const { actor: kind, seconds, index } of acts) {
          all.clock.advance(seconds * second)
          if (kind === 'planner') running.push(mayDie(planner(all, send)))
          if (kind === 'worker') running.push(mayDie(worker(all, send, index)))
          if (kind === 'flush') all.queue.windows.clear()
          // Some of what is under way goes on, the rest waits: several read before the first of them writes.
          for (let step = 0; step < index && scheduler.count() > 0; step += 1) await scheduler.waitOne()
        }
        await scheduler.waitIdle()
        const outcomes = await Promise.allSettled(running)
        for (const each of outcomes) if (each.status === 'rejected') throw each.reason

        // Then nobody dies any more: whatever was lost is found, and everything is done.
        const calm: Send = (apply) => apply()
        for (let round = 0; round < 50; round += 1) {
          await planner(all, calm)
          await worker(all, calm, round)
        }
        const until = Math.floor(all.clock.now() / second / 10) * 10
        const { watermark = 0 } = all.checkpoints.current(pair.name) ?? {}
        expect(watermark).toBeGreaterThanOrEqual(Math.max(start, until))
        expect(uncovered({ from: start, to: watermark }, all.worked)).toEqual([])
      },
    ),
    { numRuns: 300 },
  )
})
