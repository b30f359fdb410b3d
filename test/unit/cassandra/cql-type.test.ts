import { describe, expect, it } from 'vitest'
import { cqlColumnType } from '../../../src/adapters/cassandra/cql-type.js'
import { describeType } from '../../../src/core/column.js'

const userTypes = new Map([
  ['settings', [{ name: 'theme', type: 'text' }]],
  ['a "b", <c>', [{ name: 'all', type: 'list<settings>' }]],
  ['unreadable', [{ name: '__proto__', type: 'int' }]],
])

describe('a type as system_schema writes it', () => {
  it.each([
    'int',
    'timeuuid',
    'list<int>',
    'frozen<set<text>>',
    'map<text, frozen<list<int>>>',
    'tuple<int, text, tuple<int>>',
    'vector<float, 3>',
    'vector<vector<float, 3>, 2>',
    'vector<map<int, text>, 2>',
    'settings',
    'frozen<settings>',
  ])('%s is read with all its parts', (cql) => {
    // Inside other types all is frozen, and is described so, whether or not the schema writes it.
    const described = describeType(cqlColumnType(cql, 'c', userTypes))
    expect(described.replace('vector<frozen<map<int, text>>, 2>', 'vector<map<int, text>, 2>')).toBe(cql)
  })

  it('freezes whatever is inside a UDT, whose name may need quotes', () => {
    expect(cqlColumnType('frozen<"a ""b"", <c>">', 'c', userTypes)).toEqual({
      kind: 'udt',
      name: 'a "b", <c>',
      frozen: true,
      fields: [
        {
          name: 'all',
          type: {
            kind: 'list',
            frozen: true,
            of: { kind: 'udt', name: 'settings', frozen: true, fields: [{ name: 'theme', type: { kind: 'text' } }] },
          },
        },
      ],
    })
  })

  it.each([
    ['counter', 'a counter'],
    ["'org.apache.cassandra.db.marshal.PointType'", 'is not known'],
    ['list<frozen<elsewhere>>', 'elsewhere is not known'],
    ['bag<int>', 'bag<…> is not known'],
    ['frozen<unreadable>', '"__proto__"'],
  ])('%s is refused with the name of the column', (cql, why) => {
    expect(() => cqlColumnType(cql, 'c', userTypes)).toThrow(`column "c" is of type ${cql} and cannot be mirrored`)
    expect(() => cqlColumnType(cql, 'c', userTypes)).toThrow(why)
  })
})
