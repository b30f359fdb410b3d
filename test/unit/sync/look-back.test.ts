import { describe, expect, it } from 'vitest'
import { syncOrDivide } from '../../../src/sync/sync-window.js'
import { idsOf } from '../../support/ids.js'
import { at, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

/** Twelve seconds before a window that begins at v0 + 20, between the ages at which a window of one second looks back. */
const between = v0 + 8

describe('a record in the overlap behind a window', () => {
  const [late, row] = idsOf(2, 'look back') as [string, string]
  const pair = (): MemoryPair => {
    const store = new MemoryPair({ now: at(v0 + 24) })
    store.index(late, between, { a: 1 })
    store.batch(row, between, { a: 2 })
    return store
  }
  const found = { elasticsearch: 1, cassandra: 1 }
  const nothing = { elasticsearch: 0, cassandra: 0 }

  it('is met by the windows that tile time at the ages when they look back, on both sides', async () => {
    const store = pair()
    const missed = await store.sync(v0 + 20, v0 + 21, { tilesTime: true })
    expect(missed.report).toMatchObject({ read: nothing, written: nothing })
    const { report } = await store.sync(v0 + 18, v0 + 19, { tilesTime: true })
    expect(report).toMatchObject({ read: found, written: found })
  })

  it('is met whatever its age in a range that somebody asks for', async () => {
    const { report } = await pair().sync(v0 + 20, v0 + 21)
    expect(report).toMatchObject({ read: found, written: found })
  })

  it('is met whatever its age in an audit', async () => {
    const { report } = await pair().sync(v0 + 20, v0 + 21, { tilesTime: true, audit: true })
    expect(report).toMatchObject({ read: found, written: found })
  })
})

it('a window that is divided among jobs is so by what it reads, without the gaps', async () => {
  const store = new MemoryPair({ now: at(v0 + 24) })
  for (const [nth, id] of idsOf(210, 'divided').entries()) store.index(id, v0 + Math.floor(nth / 10), { a: nth })
  const options = { signal: new AbortController().signal, tilesTime: true }
  const outcome = await syncOrDivide(store.pair, { from: v0 + 20, to: v0 + 21 }, 30, options)
  const parts = 'parts' in outcome ? outcome.parts : []
  const read = parts.reduce((sum, { from, to }) => sum + to - from, 0)
  expect(read).toBe(7)
})
