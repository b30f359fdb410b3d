import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareStores } from '../../src/demo/compare.js'
import { loadMovies, type Movie } from '../../src/demo/movies.js'
import type { RoleProcess } from '../../src/demo/processes.js'
import { movieColumns, movieMapping } from '../../src/demo/schema.js'
import {
  cassandraWriter,
  elasticsearchWriter,
  seeded,
  writeBothSides,
  type Acknowledged,
} from '../../src/demo/writers.js'
import { eventually } from '../support/eventually.js'
import { idsOf } from '../support/ids.js'
import { isAlive } from '../support/is-alive.js'
import type { PairFixture } from '../support/pair-fixture.js'
import { openService, type ServiceFixture } from '../support/service.js'

describe('scheduler, two workers and dashboard as processes, with an application on each side', () => {
  let service: ServiceFixture
  let pair: PairFixture
  let running: readonly RoleProcess[]

  beforeAll(async () => {
    service = await openService({ columns: movieColumns, mappings: movieMapping })
    ;({ pair, running } = service)
  })
  afterAll(() => service.close())

  const never = new AbortController().signal
  const expectEqual = (acknowledged: readonly Acknowledged[]) =>
    eventually(async () => {
      const { records, differences } = await compareStores(pair.pair, acknowledged, never)
      expect(differences).toEqual([])
      return records
    }, 90_000)

  test('both stores become equal, no acknowledged write is lost, and a killed worker costs nothing', async () => {
    await service.start('scheduler')
    const [victim] = [await service.start('worker'), await service.start('worker')] as const
    const dashboard = await service.start('dashboard')
    // Several of each start from one file without getting into each other's way.
    await service.start('scheduler')

    const movies = await loadMovies()
    const generated = idsOf(200, 'generated').map((id, index) => ({ id, movie: oddMovie(index) }))
    const acknowledged: Acknowledged[] = []
    const enough = new AbortController()
    const writing = writeBothSides({
      writes: {
        elasticsearch: elasticsearchWriter(pair.elasticsearch, pair.name),
        cassandra: cassandraWriter(pair.cassandra, pair.name, 'data'),
      },
      movies: [...generated, ...movies],
      rate: 60,
      random: seeded(7),
      signal: enough.signal,
      onAcknowledged: (write) => acknowledged.push(write),
    })
    const acknowledgedAtLeast = (count: number) =>
      Promise.race([writing, eventually(() => expect(acknowledged.length).toBeGreaterThan(count), 60_000)])
    await acknowledgedAtLeast(600)
    victim.kill('SIGKILL')
    await service.start('worker')
    await acknowledgedAtLeast(1_200)
    enough.abort()
    await writing

    const records = await expectEqual(acknowledged)
    expect(records).toBe(new Set(acknowledged.map(({ id }) => id)).size)

    const board = await fetch(`${dashboard.url}/board/api/queues?activeQueue=windows&status=completed`)
    expect(board.status).toBe(200)
    expect(JSON.stringify(await board.json())).toContain('"isFailed":false')
  })

  test('every process answers on an address of its own and reports what it did', async () => {
    const alive = running.filter(({ pid }) => isAlive(pid))
    expect(new Set(alive.map(({ url }) => url)).size).toBe(alive.length)
    for (const { url } of alive) {
      expect((await fetch(`${url}/healthz`)).status).toBe(200)
      await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200))
    }
    const workers = alive.filter(({ role }) => role === 'worker')
    const metrics = await Promise.all(workers.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()))
    expect(metrics.join('\n')).toMatch(
      /caes_sync_documents_total\{pair="default",direction="to_cassandra",result="written"\} [1-9]/,
    )
  })

  test('an idle system goes on silently: windows complete and write nothing', async () => {
    const written = async (): Promise<{ windows: number; documents: number }> => {
      const workers = running.filter(({ role, pid }) => role === 'worker' && isAlive(pid))
      const texts = await Promise.all(workers.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()))
      return {
        windows: sum(texts, /^caes_sync_windows_total\{.*status="completed".*\} (\d+)/gm),
        documents: sum(texts, /^caes_sync_documents_total\{.*result="written".*\} (\d+)/gm),
      }
    }
    const before = await written()
    await eventually(async () => expect((await written()).windows).toBeGreaterThan(before.windows + 3))
    expect((await written()).documents).toBe(before.documents)
  })

  test('SIGTERM drains: every process ends by itself with exit code 0', async () => {
    const alive = running.filter(({ pid }) => isAlive(pid))
    for (const each of alive) each.kill('SIGTERM')
    expect(await Promise.all(alive.map(({ ended }) => ended))).toEqual(alive.map(() => 0))
  })
})

const sum = (texts: readonly string[], pattern: RegExp): number =>
  texts.flatMap((text) => [...text.matchAll(pattern)]).reduce((total, [, value]) => total + Number(value), 0)

const oddTexts = [
  '',
  ' ',
  'O\'Reilly "quoted" \\ back',
  'emoji 🎬 and 汉字',
  'line\nbreak\ttab',
  '%(did)s ? ; --',
  '{"json": true}',
]

const oddMovie = (index: number): Movie => ({
  title: oddTexts[index % oddTexts.length]!,
  director: index % 3 === 0 ? null : 'x'.repeat(index),
  genre: null,
  mpaa: null,
  released: ['0001-01-01', '1969-12-31', '9999-12-31', null][index % 4]!,
  minutes: index % 2 === 0 ? -2_147_483_648 : 2_147_483_647,
  budget: index % 2 === 0 ? Number.MAX_SAFE_INTEGER : -Number.MAX_SAFE_INTEGER,
  gross: 0,
  rating: [0.1, -1e-300, 1e300, null][index % 4]!,
  votes: index,
})
