import { describe, expect, test } from 'vitest'
import { timelineOf } from './explain.js'
import { histories } from './histories.js'
import { rulesRemoved, type RuleName } from './rules-removed.js'
import type { Mutation } from './run-history.js'

const failed = /^FAILED/m
const mutationOf = (name: RuleName): Mutation => rulesRemoved[name]

describe.each(Object.entries(histories))('%s', (_, { history, without = [], withoutBoth }) => {
  test('both stores end with the greatest version', async () => {
    expect(await timelineOf(history)).not.toMatch(failed)
  })

  test.each(without)('they do not without the rule: %s', async (name) => {
    expect(await timelineOf(history, mutationOf(name))).toMatch(failed)
  })

  if (withoutBoth === undefined) return
  test.each(withoutBoth)('they still do without the rule: %s', async (name) => {
    expect(await timelineOf(history, mutationOf(name))).not.toMatch(failed)
  })

  test(`they do not without both of: ${withoutBoth.join(', ')}`, async () => {
    const [one, other] = withoutBoth
    expect(await timelineOf(history, { ...mutationOf(one), ...mutationOf(other) })).toMatch(failed)
  })
})
