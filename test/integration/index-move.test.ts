import { errors } from '@elastic/elasticsearch'
import { expect, onTestFinished, test } from 'vitest'
import { ElasticsearchIndexMove } from '../../src/adapters/elasticsearch/index-move.js'
import { systemClock } from '../../src/runtime/clock.js'
import { testClient, testIndex } from '../support/elasticsearch.js'

const signal = new AbortController().signal

test('an old index that refuses writes goes on refusing them: whoever died after that can go on', async () => {
  const client = testClient()
  const source = await testIndex(client)
  const target = await testIndex(client)
  onTestFinished(async () => {
    await source.drop()
    await target.drop()
    await client.close()
  })
  const scanOf = (): never => expect.fail('nothing is read')
  const move = new ElasticsearchIndexMove({ client, alias: 'unused', target: target.name, clock: systemClock, scanOf })
  await client.index({ index: source.name, document: { timestamp: 1 } })
  await move.refuseWrites(source.name, signal)
  await move.refuseWrites(source.name, signal)
  const refused: unknown = await client
    .index({ index: source.name, document: { timestamp: 2 } })
    .catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(errors.ResponseError)
  expect(refused).toMatchObject({ statusCode: 403 })
})
