import { describe, expect, it } from 'vitest'
import { progressLine, progressText, type ProgressStream } from '../../../src/cli/progress-line.js'

const setUp = (terminal: boolean) => {
  const written: string[] = []
  let time = 0
  const stream: ProgressStream = {
    isTTY: terminal,
    ...(terminal ? { columns: 80 } : {}),
    write: (text) => written.push(text),
  }
  const line = progressLine({ title: 'comparing default', unit: 'records', stream, color: false, now: () => time })
  return { line, written, pass: (ms: number) => (time += ms) }
}

describe('progress on a terminal', () => {
  it('is one line that is written over, and gone at the end', () => {
    const { line, written, pass } = setUp(true)
    pass(2_000)
    line.update({ done: 10_000, total: 30_000 })
    pass(1_000)
    line.update({ done: 15_000, total: 30_000, note: '3 different' })
    line.end()
    line.end()
    expect(written).toEqual([
      '\r\u001B[Kcomparing default: 10,000 of about 30,000 records · 5,000/s · 4 s left',
      '\r\u001B[Kcomparing default: 15,000 of about 30,000 records · 5,000/s · 3 s left · 3 diff',
      '\r\u001B[K',
    ])
  })

  it('is not drawn more often than an eye can follow', () => {
    const { line, written, pass } = setUp(true)
    for (let at = 0; at < 1_000; at += 1) {
      pass(1)
      line.update({ done: at })
    }
    expect(written).toHaveLength(10)
  })

  it('makes way for what else is written', () => {
    const { line, written, pass } = setUp(true)
    line.around(() => written.push('nothing to make way for\n'))
    pass(1_000)
    line.update({ done: 5_000 })
    line.around(() => written.push('found\n'))
    expect(written).toEqual([
      'nothing to make way for\n',
      '\r\u001B[Kcomparing default: 5,000 records · 5,000/s',
      '\r\u001B[K',
      'found\n',
      '\r\u001B[Kcomparing default: 5,000 records · 5,000/s',
    ])
  })

  it('shows the rate of the last seconds', () => {
    const { line, written, pass } = setUp(true)
    for (let at = 1; at <= 60; at += 1) {
      pass(1_000)
      line.update({ done: at < 30 ? 0 : (at - 30) * 1_000 })
    }
    expect(written.at(-1)).toContain('· 1,000/s')
  })
})

describe('progress elsewhere', () => {
  it('is a plain line now and then', () => {
    const { line, written, pass } = setUp(false)
    for (let at = 1; at <= 25; at += 1) {
      pass(1_000)
      line.update({ done: at * 1_000, total: 40_000 })
    }
    line.around(() => written.push('found\n'))
    line.end()
    expect(written).toEqual([
      'comparing default: 10,000 of about 40,000 records · 1,000/s · 30 s left\n',
      'comparing default: 20,000 of about 40,000 records · 1,000/s · 20 s left\n',
      'found\n',
    ])
  })

  it('says nothing of the time left where the estimate was too small', () => {
    const stream = { write: () => {} }
    const text = progressText({ done: 500, total: 400 }, 10, { title: 'x', unit: 'records', stream, color: false })
    expect(text).toBe('x: 500 of about 400 records · 10/s')
  })
})
