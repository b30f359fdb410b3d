import { assert, asyncProperty, constantFrom, nat, string, tuple } from 'fast-check'
import { test } from 'vitest'
import { CaesError } from '../../../src/core/errors.js'
import { minimal, parse } from './support.js'

const text = minimal(
  '  driver: {contact_points: [a], auth_provider: {username: u, password: p}, ssl_options: {ca_certs: a}}',
  'sync: &s {settle: 1s, deletes: {field: gone}}',
  'http: {listen: "127.0.0.1:0", users: [{name: a, role: admin, password: "${PW:-x}"}]}',
  'pairs:',
  '- name: b',
  '  ElasticSearchConfig: {index: b, driver: {hosts: ["http://u:p@h:1"], api_key: [a, b], auth: {apiKey: x}}}',
  '  CassandraConfig: {keyspace: k, dataColumnFamily: b, ttl: 2h}',
  '  sync: *s',
)

const fragments = constantFrom(
  '',
  ' ',
  '\n',
  '- ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '&s',
  '*s',
  '<<: ',
  '~',
  '!!int ',
  '"',
  '${',
  '__proto__',
  '|',
  '\t',
  'yes',
  '1',
)

test('whatever a file contains, it is read or refused with a CaesError', async () => {
  const edit = tuple(
    nat(text.length),
    nat(20),
    fragments.chain((fragment) => string({ maxLength: 2 }).map((more) => fragment + more)),
  )
  await assert(
    asyncProperty(edit, edit, async (...edits) => {
      let edited = text
      for (const [start, length, inserted] of edits)
        edited = edited.slice(0, start) + inserted + edited.slice(start + length)
      try {
        await parse(edited)
      } catch (error) {
        if (!(error instanceof CaesError) || error.code === 'CAES_INTERNAL') throw error
      }
    }),
    { numRuns: 500 },
  )
})
