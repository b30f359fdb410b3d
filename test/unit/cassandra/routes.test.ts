import { expect, it } from 'vitest'
import type { Session } from '../../../src/adapters/cassandra/client.js'
import { idBytes } from '../../../src/adapters/cassandra/ids.js'
import { routeOf } from '../../../src/adapters/cassandra/routes.js'
import { idsOf } from '../../support/ids.js'

const ring = (length: number, replicas: (token: Buffer) => readonly string[] | null) =>
  ({
    hosts: { length },
    getReplicas: (_: string, token: Buffer) => replicas(token)?.map((address) => ({ address })) ?? null,
  }) as unknown as Pick<Session, 'hosts' | 'getReplicas'>

const [id = '', other = ''] = idsOf(2)

it('ids with the same replicas share a route, in whatever order the ring names them', () => {
  const session = ring(3, (token) => (token.equals(idBytes(id)) ? ['a', 'b'] : ['b', 'a']))
  expect(routeOf(session, 'logs', id)).toBe(routeOf(session, 'logs', other))
})

it('ids with other replicas do not', () => {
  const session = ring(3, (token) => (token.equals(idBytes(id)) ? ['a', 'b'] : ['b', 'c']))
  expect(routeOf(session, 'logs', id)).not.toBe(routeOf(session, 'logs', other))
})

it('with one node, or while the ring is not known, all ids share one', () => {
  expect(
    routeOf(
      ring(1, () => ['a']),
      'logs',
      id,
    ),
  ).toBe(
    routeOf(
      ring(1, () => ['b']),
      'logs',
      other,
    ),
  )
  expect(
    routeOf(
      ring(3, () => null),
      'logs',
      id,
    ),
  ).toBe('')
})

it('an id that is not a UUID is refused before anything is sent', () => {
  expect(() => idBytes('not-a-uuid')).toThrow(RangeError)
})
