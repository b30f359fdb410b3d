import { errors } from '@elastic/elasticsearch'
import { describe, expect, it } from 'vitest'
import { cassandraClocks, elasticsearchNodes, noteClocks } from '../../../src/cli/doctor-clocks.js'
import { diagnoseClocks } from '../../../src/core/diagnose.js'

const minute = 60_000_000
const rules = { overlap: 20_000_000, settle: 2_000_000 }

describe('the clocks that doctor compares', () => {
  it('are those of each node, named where there are several', async () => {
    const times = { '10.0.0.1:9042': 0, '10.0.0.2:9042': 60_000 }
    const client = {
      getState: () => ({ getConnectedHosts: () => Object.keys(times).map((address) => ({ address })) }),
      execute: (_query: string, _values: unknown, { host }: { host: { address: keyof typeof times } }) =>
        Promise.resolve({ rows: [{ get: () => Date.now() + times[host.address] }] }),
    }
    const ahead = new Map<string, number>()
    noteClocks(ahead, 'Cassandra', await cassandraClocks(client as never))
    noteClocks(ahead, 'Redis', new Map([['127.0.0.1:6379', -minute]]))
    expect([...ahead.keys()]).toEqual(['Cassandra node 10.0.0.1:9042', 'Cassandra node 10.0.0.2:9042', 'Redis'])
    expect(diagnoseClocks(ahead, rules).map(({ what }) => what)).toEqual([
      'the clock of Cassandra node 10.0.0.2:9042 is 60.0 s ahead of that of this host',
      'the clock of Redis is 60.0 s behind that of this host',
    ])
  })

  it('and versions of Elasticsearch come from all its nodes, the oldest version first by number', async () => {
    const client = {
      nodes: {
        info: () => Promise.resolve({ nodes: { a: { version: '8.19.0' }, b: { version: '8.9.2' } } }),
        stats: () =>
          Promise.resolve({
            nodes: { a: { name: 'es1', timestamp: Date.now() }, b: { name: 'es2', timestamp: Date.now() - 60_000 } },
          }),
      },
    }
    const { version, clocks } = await elasticsearchNodes(client as never)
    expect(version).toBe('8.9.2')
    expect([...clocks.keys()]).toEqual(['es1', 'es2'])
    expect(clocks.get('es1')).toBe(0)
    expect(clocks.get('es2')).toBeLessThan(-59_000_000)
  })

  it('are left out where the user has no right on the cluster, which syncing does not need', async () => {
    const denied = new errors.ResponseError({ statusCode: 403, body: {}, headers: {}, meta: {}, warnings: [] } as never)
    const client = { nodes: { info: () => Promise.reject(denied) } }
    expect(await elasticsearchNodes(client as never)).toEqual({ version: undefined, clocks: new Map() })
  })
})
