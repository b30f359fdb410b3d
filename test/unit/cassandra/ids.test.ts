import { types } from 'cassandra-driver'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { idBytes, idOf, uuidTextOf } from '../../../src/adapters/cassandra/ids.js'

it('ids are read and bound as the driver itself does it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const uuid = new types.Uuid(Buffer.from(bytes))
      expect(uuidTextOf(uuid)).toBe(uuid.toString())
      expect(idOf({ id: uuid })).toBe(uuid.toString())
      expect(idBytes(uuid.toString())).toEqual(Buffer.from(bytes))
    }),
  )
})

it('each id has bytes of its own', () => {
  const [first, second] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'].map(idBytes)
  expect([first!.at(-1), second!.at(-1)]).toEqual([1, 2])
})
