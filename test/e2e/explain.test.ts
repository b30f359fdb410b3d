import { afterAll, beforeAll, expect, test } from 'vitest'
import { caesSync } from '../support/cli.js'
import { idsOf } from '../support/ids.js'
import { freePort } from '../support/free-port.js'
import { openService, type ServiceFixture } from '../support/service.js'
import { eventually } from '../support/eventually.js'

let service: ServiceFixture
beforeAll(async () => {
  service = await openService({})
})
afterAll(() => service.close())

const explain = async (id: string, ...args: string[]) => {
  const { code, stdout, stderr } = await caesSync(['explain', id, '--json', '-c', service.file.path, ...args])
  return { code, stderr, story: JSON.parse(stdout) as Record<string, unknown> }
}

test('a record is told for people, with what to do about it', async () => {
  const [id] = idsOf(1, 'told') as [string]
  await service.pair.index(id, 10, { vint: 1, vstring: 'evil \u001B[31m' })
  await service.pair.batch(id, 10, { vint: 2 })
  const { code, stdout, stderr } = await caesSync(['explain', id, '-c', service.file.path])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(stdout).toContain(`${id} in default`)
  expect(stdout).toMatch(/≠ +vint +1 +2/)
  expect(stdout).toContain('the document is copied to Cassandra: a tie')
  expect(stdout).toContain('[rule 5]')
  expect(stdout).toContain('never ran')
  expect(stdout).not.toContain('\u001B')
})

test('a record that no side has ends with 1', async () => {
  const [none] = idsOf(1, 'nobody') as [string]
  expect(await explain(none)).toMatchObject({
    code: 1,
    story: { elasticsearch: null, cassandra: null, version: null, next: { kind: 'unchanged', rule: '7' } },
  })
})

test('a service that runs adds the window and the list of rejects; without Redis the story is told all the same', async () => {
  await service.start('scheduler')
  await service.start('worker')
  const { pair } = service
  const [id, aside] = idsOf(2, 'windowed') as [string, string]
  const v = Math.floor(Date.now() / 1_000)
  await pair.index(id, v, { vint: 1 })
  await pair.indexText(aside, v, JSON.stringify({ timestamp: v - 1 }))
  await eventually(async () => {
    const { rows } = await pair.cassandra.execute(`SELECT watermark FROM ${pair.name}.caes_checkpoint`)
    expect(Number(rows[0]?.get('watermark'))).toBeGreaterThan(v)
  })
  expect((await explain(id)).story).toMatchObject({
    window: { state: 'acknowledged' },
    next: { kind: 'unchanged', rule: '9' },
    setAside: [],
  })
  expect((await explain(aside)).story).toMatchObject({
    next: { kind: 'rejected', rule: '1' },
    setAside: [{ reason: 'VERSION_CONTRACT', side: 'elasticsearch' }],
  })
  const { code, stderr, story } = await explain(id, '--set', `redis.url=redis://127.0.0.1:${await freePort()}`)
  expect(code).toBe(0)
  expect(stderr).toContain('CAES_REDIS_DOWN')
  expect(story).toMatchObject({ window: null, setAside: null, next: { kind: 'unchanged' } })
})
