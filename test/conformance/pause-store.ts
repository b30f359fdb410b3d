/** What every PauseStore has to do: the text of the port, as tests. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PauseStore } from '../../src/ports/pause.js'

export interface PauseFixture {
  readonly store: PauseStore
  close(): Promise<void>
}

export const describePauseStore = (name: string, make: () => Promise<PauseFixture>): void => {
  describe(`pauses in ${name}`, () => {
    let fixture: PauseFixture
    let store: PauseStore
    let pair: string
    const pause = { since: 1_700_000_000_123, who: 'ann' }

    beforeAll(async () => {
      fixture = await make()
      store = fixture.store
    })
    afterAll(() => fixture.close())
    beforeEach(() => {
      pair = `pair ${randomUUID()}`
    })

    it('there is none for a pair that nobody paused', async () => {
      expect(await store.read(pair)).toBeUndefined()
    })

    it('one is kept with its time and whose it is', async () => {
      expect(await store.pause(pair, pause)).toEqual(pause)
      expect(await store.read(pair)).toEqual(pause)
    })

    it('the first one stays: whoever pauses again gets it', async () => {
      await store.pause(pair, pause)
      expect(await store.pause(pair, { since: 1_800_000_000_000, who: 'bob' })).toEqual(pause)
      expect(await store.read(pair)).toEqual(pause)
    })

    it('is the same for all who pause at once', async () => {
      const each = await Promise.all(['a', 'b', 'c', 'd'].map((who) => store.pause(pair, { ...pause, who })))
      expect(new Set(each.map(({ who }) => who)).size).toBe(1)
    })

    it('is over once the pair is resumed, whatever the clocks say, and may come again', async () => {
      await store.pause(pair, { since: Date.now() + 3_600_000, who: 'a clock that runs ahead' })
      expect(await store.resume(pair)).toBe(true)
      expect(await store.read(pair)).toBeUndefined()
      expect(await store.pause(pair, pause)).toEqual(pause)
      expect(await store.read(pair)).toEqual(pause)
    })

    it('resuming a pair that runs changes nothing', async () => {
      expect(await store.resume(pair)).toBe(false)
      expect(await store.read(pair)).toBeUndefined()
    })

    it('keeps pairs apart', async () => {
      await store.pause(pair, pause)
      expect(await store.read(`${pair} other`)).toBeUndefined()
      expect(await store.resume(`${pair} other`)).toBe(false)
      expect(await store.read(pair)).toEqual(pause)
    })
  })
}
