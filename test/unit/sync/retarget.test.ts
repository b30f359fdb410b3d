import { beforeEach, describe, expect, it, test } from 'vitest'
import { MemoryPauseStore } from '../../../src/adapters/memory/memory-pause-store.js'
import type { Micros } from '../../../src/core/version.js'
import type { Comparison } from '../../../src/sync/compare.js'
import { unhurried } from '../../../src/sync/pace.js'
import { retarget, type Retargeted, type RetargetStage } from '../../../src/sync/retarget.js'
import { Random } from '../../simulation/random.js'
import { FakeClock } from '../../support/fake-clock.js'
import { MemoryMove } from './memory-move.js'

const pair = 'movies'
const clean: Comparison = { compared: 10, differences: 0, repaired: 0, rejected: 0, open: 0 }

/** Others get their turn while it is slept. */
class PatientClock extends FakeClock {
  override async sleep(span: Micros, signal: AbortSignal): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    await super.sleep(span, signal)
  }
}

let move: MemoryMove
let pauses: MemoryPauseStore
let stages: RetargetStage[]
beforeEach(() => {
  move = new MemoryMove()
  pauses = new MemoryPauseStore()
  stages = []
})

interface Run {
  readonly switch?: boolean
  readonly verify?: (signal: AbortSignal) => Promise<Comparison>
  readonly signal?: AbortSignal
}

const run = ({
  switch: isSwitch = true,
  verify = async () => clean,
  signal = new AbortController().signal,
}: Run = {}): Promise<Retargeted> =>
  retarget(
    { pair, move, pauses, clock: new PatientClock(0), verify },
    { switch: isSwitch, signal, onStage: (stage) => stages.push(stage), onProgress: () => {}, pace: unhurried },
  )

describe('moving a pair to a new index', () => {
  it('fills it, catches up, compares, switches and closes the old one, in this order', async () => {
    move.write('a', 1)()
    expect(await run()).toEqual({ kind: 'switched', source: 'things-1', comparison: clean })
    expect(stages).toEqual(['filling', 'comparing', 'switching', 'finishing'])
    expect(move.steps.filter((step) => step === 'switch' || step === 'refuse writes')).toEqual([
      'switch',
      'refuse writes',
    ])
    // And reads it once more when it takes no more writes.
    expect(move.steps.slice(move.steps.indexOf('refuse writes'))).toEqual(['refuse writes', 'copy', 'remember'])
    expect(move.standsFor).toBe('things-2')
    expect(move.lost()).toEqual([])
    expect(await pauses.read(pair)).toBeUndefined()
  })

  it('does not switch unless it is asked to, and says that all is ready', async () => {
    expect(await run({ switch: false })).toEqual({ kind: 'ready', comparison: clean })
    expect(move.standsFor).toBe('things-1')
    expect(move.steps).not.toContain('refuse writes')
  })

  it('does not switch where anything differs', async () => {
    const comparison = { ...clean, differences: 1 }
    expect(await run({ verify: async () => comparison })).toEqual({ kind: 'different', comparison })
    expect(move.standsFor).toBe('things-1')
    expect(await pauses.read(pair)).toBeUndefined()
  })

  it('lets windows stand still from before the switch until everything is copied', async () => {
    const paused: (readonly [string, boolean])[] = []
    move.onStep = async (step) => {
      paused.push([step, (await pauses.read(pair)) !== undefined])
    }
    await run()
    const at = (step: string): boolean => paused.findLast(([each]) => each === step)![1]
    expect([at('switch'), at('refuse writes'), at('copy')]).toEqual([true, true, true])
    expect(paused.find(([step]) => step === 'copy')![1]).toBe(false)
  })

  it('leaves a pause of somebody else alone', async () => {
    const theirs = { since: 5, who: 'ann@desk' }
    await pauses.pause(pair, theirs)
    await run()
    expect(await pauses.read(pair)).toEqual(theirs)
  })

  it('has nothing to do where the alias stands for the new index already', async () => {
    await run()
    const steps = move.steps.length
    expect(await run()).toEqual({ kind: 'there' })
    expect(move.steps.slice(steps)).toEqual(['current', 'state'])
  })

  it('refuses an index that was filled from another one', async () => {
    move.stored = { source: 'things-0', copiedBelow: 7 }
    await expect(run()).rejects.toMatchObject({ code: 'CAES_SCHEMA_MISMATCH' })
    expect(move.copied.size).toBe(0)
  })

  it('goes on copying while the comparison is under way', async () => {
    let copies = 0
    const verify = async (): Promise<Comparison> => {
      move.write('during', 3)()
      copies = move.steps.filter((step) => step === 'copy').length
      while (!move.copied.has('during')) await new Promise((resolve) => setImmediate(resolve))
      return clean
    }
    await run({ switch: false, verify })
    expect(move.steps.filter((step) => step === 'copy').length).toBeGreaterThan(copies)
    expect(move.lost()).toEqual([])
  })

  it('gives the comparison up where following fails, and tells why', async () => {
    let given: unknown
    const verify = (signal: AbortSignal): Promise<Comparison> => {
      move.onStep = (step) => {
        if (step === 'copy') throw new Error('shards are gone')
      }
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          given = signal.reason
          reject(signal.reason as Error)
        })
      })
    }
    await expect(run({ verify })).rejects.toThrow('shards are gone')
    expect(given).toMatchObject({ message: 'shards are gone' })
    expect(move.standsFor).toBe('things-1')
  })

  it('goes on with windows where the switch fails', async () => {
    move.onStep = (step) => {
      if (step === 'switch') throw new Error('no master')
    }
    await expect(run()).rejects.toThrow('no master')
    expect(await pauses.read(pair)).toBeUndefined()
  })
})

/** Clients write before every step and within every copy; some of their writes land only a few steps later. */
const withClients = (seed: number): { readonly settle: () => void } => {
  const random = new Random(seed)
  const underWay: (() => boolean)[] = []
  let version = 0
  move.onStep = () => {
    for (const land of underWay.splice(0, random.int(0, underWay.length))) land()
    for (let count = random.int(0, 3); count > 0; count -= 1) {
      version += 1
      underWay.push(move.write(`id ${random.int(0, 9)} ${version}`, version))
    }
  }
  return {
    settle: () => {
      move.onStep = () => {}
      for (const land of underWay.splice(0)) land()
    },
  }
}

test('no acknowledged write is lost, whenever it was sent and landed', async () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    move = new MemoryMove()
    const clients = withClients(seed)
    await run()
    clients.settle()
    expect([seed, move.lost()]).toEqual([seed, []])
    expect(move.acknowledged.size).toBeGreaterThan(5)
  }
})

test('nor where the process dies before any of its steps, and the next one goes on', async () => {
  const whole = new MemoryMove()
  move = whole
  await run()
  for (let death = 0; death < whole.steps.length; death += 1) {
    move = new MemoryMove()
    pauses = new MemoryPauseStore()
    const clients = withClients(death + 1)
    const lively = move.onStep
    const died = new Error('died')
    // A process that is dead does nothing more: it neither cleans up nor resumes.
    const dead = pauses.resume.bind(pauses)
    move.onStep = (step, within) => {
      if (move.steps.length === death + 1) {
        pauses.resume = () => Promise.reject(died)
        throw died
      }
      return lively(step, within)
    }
    await expect(run()).rejects.toBe(died)
    pauses.resume = dead
    move.onStep = lively
    const copiedBelow = move.stored?.copiedBelow ?? 0
    const copies = move.begun.length
    const outcome = await run()
    clients.settle()
    expect([death, outcome.kind]).toEqual([death, 'switched'])
    expect([death, move.begun[copies]]).toEqual([death, copiedBelow])
    expect([death, move.lost()]).toEqual([death, []])
    expect([death, await pauses.read(pair)]).toEqual([death, undefined])
  }
})

describe('windows stand still', () => {
  /** The alias is switched, and then it fails. */
  const switchThen = (fail: () => void): void => {
    const done = move.switch.bind(move)
    move.switch = async (source) => {
      await done(source)
      fail()
    }
  }

  it('after a switch whose answer was lost, until the same command has copied the rest', async () => {
    switchThen(() => {
      throw new Error('no answer')
    })
    await expect(run()).rejects.toThrow('no answer')
    expect(await pauses.read(pair)).toBeDefined()
    expect(await run()).toMatchObject({ kind: 'switched' })
    expect(await pauses.read(pair)).toBeUndefined()
  })

  it('after a Ctrl-C in the moment of the switch', async () => {
    const stop = new AbortController()
    switchThen(() => {
      stop.abort(new Error('interrupted'))
      stop.signal.throwIfAborted()
    })
    await expect(run({ signal: stop.signal })).rejects.toThrow('interrupted')
    expect(await pauses.read(pair)).toBeDefined()
  })

  it('while somebody else copies the rest, although the pause was ended meanwhile', async () => {
    move.standsFor = 'things-2'
    move.stored = { source: 'things-1', copiedBelow: 0 }
    const held: boolean[] = []
    move.onStep = async (step) => {
      if (step === 'copy') held.push((await pauses.read(pair)) !== undefined)
    }
    expect(await run()).toMatchObject({ kind: 'switched' })
    expect(held).not.toContain(false)
    expect(await pauses.read(pair)).toBeUndefined()
  })

  it('no more, while it is compared after a process that died right before its switch', async () => {
    const died = new Error('died')
    const alive = pauses.resume.bind(pauses)
    move.onStep = (step) => {
      if (step !== 'switch') return
      pauses.resume = () => Promise.reject(died)
      throw died
    }
    await expect(run()).rejects.toBe(died)
    expect(await pauses.read(pair)).toBeDefined()
    pauses.resume = alive
    move.onStep = () => {}
    const verify = async (): Promise<Comparison> => {
      expect(await pauses.read(pair)).toBeUndefined()
      return { ...clean, differences: 1 }
    }
    expect(await run({ verify })).toMatchObject({ kind: 'different' })
    expect(await pauses.read(pair)).toBeUndefined()
  })
})
