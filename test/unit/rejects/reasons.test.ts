import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { rejectReasons, rejectText, type RejectReason } from '../../../src/core/reject.js'

const page = readFileSync(new URL('../../../docs/rejects.md', import.meta.url), 'utf8')
const sections = new Map(
  page
    .slice(page.indexOf('## Reasons'))
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section]),
)
const reasons = Object.keys(rejectReasons) as RejectReason[]

test.each(reasons)('%s is documented with its meaning, its cause and what to do', (reason) => {
  const section = sections.get(reason)
  for (const part of ['*Meaning:* ', '*Cause:* ', '*What to do:* ']) expect(section).toContain(part)
})

test('nothing is documented that is not a reason', () => {
  expect([...sections.keys()].sort()).toEqual([...reasons].sort())
})

test('the text of a reject is one printable line with code, meaning, particulars and advice', () => {
  const text = rejectText({ reason: 'MAPPING', detail: "id 'a\n\u001b[2J\u202e'" })
  expect(text).toBe(
    "MAPPING: Elasticsearch refused the document (id 'a\\u{a}\\u{1b}[2J\\u{202e}'). Try: " +
      rejectReasons.MAPPING.advice,
  )
})
