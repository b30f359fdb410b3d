import { describe, expect, it } from 'vitest'
import { allOpen, type Closed } from '../../src/core/gate.js'

const closed = (reason: string): Closed => ({ reason, retryInMs: 1_000 })

describe('a gate of several', () => {
  it('is open when all are', () => {
    expect(allOpen([])('a')).toBeUndefined()
    expect(allOpen([() => undefined, () => undefined])('a')).toBeUndefined()
  })

  it('gives the answer of the first that is closed, and does not ask those behind it', () => {
    const asked: string[] = []
    const gate = (name: string, answer?: Closed) => (pair: string) => {
      asked.push(`${name} ${pair}`)
      return answer
    }
    const gates = [gate('open'), gate('shut', closed('shut')), gate('counting', closed('counting'))]
    expect(allOpen(gates)('a')).toEqual(closed('shut'))
    expect(asked).toEqual(['open a', 'shut a'])
  })
})
