import { describe, expect, test } from 'vitest'
import { noWindows } from '../../../src/core/pair-status.js'
import { isReadAgain, windowOf } from '../../../src/core/window-of.js'

const progress = { watermark: 103, acknowledged: [{ from: 120, to: 130 }] }
const open = {
  ...noWindows,
  failed: [{ from: 103, to: 110 }],
  waiting: [{ from: 130, to: 150 }],
}
const place = (version: number, until = 180) => windowOf(version, progress, open, 10, until)

describe('the window of a version', () => {
  test.each([
    ['before the watermark', 50, { state: 'acknowledged', before: 103 }],
    ['acknowledged beyond it', 129, { state: 'acknowledged', before: 103 }],
    ['failed', 103, { state: 'failed', window: { from: 103, to: 110 } }],
    ['larger than usual', 149, { state: 'waiting', window: { from: 130, to: 150 } }],
    ['lost by the queue', 115, { state: 'due', window: { from: 110, to: 120 } }],
    ['handed out next', 160, { state: 'due', window: { from: 160, to: 170 } }],
    ['not due', 180, { state: 'to come', window: { from: 180, to: 190 } }],
  ])('that is %s', (_, version, found) => {
    expect(place(version)).toEqual(found)
  })

  test('begins at the watermark where that lies within it', () => {
    expect(windowOf(104, progress, noWindows, 10, 180)).toEqual({ state: 'due', window: { from: 103, to: 110 } })
  })
})

test('a version is read again while a window that is not done has it in its overlap', () => {
  expect(isReadAgain(84, progress, open, 20)).toBe(true)
  expect(isReadAgain(82, progress, open, 20)).toBe(false)
  // Without open windows the next one begins where everything that was handed out ends.
  expect(isReadAgain(110, progress, noWindows, 20)).toBe(true)
  expect(isReadAgain(109, progress, noWindows, 20)).toBe(false)
})
