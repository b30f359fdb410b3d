import { expect, test } from 'vitest'
import { decideStart } from '../../../stack/start-decision.js'

const wanted = { port: 9200, version: '9.5.0' }

test('a running server of the wanted version and port is reused', () => {
  expect(decideStart({ running: wanted, wanted, portBusy: true })).toBe('reuse')
})

test('our server of another version makes way', () => {
  expect(decideStart({ running: { port: 9200, version: '8.19.0' }, wanted, portBusy: true })).toBe('replace')
})

test('our server on another port makes way', () => {
  expect(decideStart({ running: { port: 9201, version: '9.5.0' }, wanted, portBusy: false })).toBe('replace')
})

test('a port that somebody else uses is taken', () => {
  expect(decideStart({ running: undefined, wanted, portBusy: true })).toBe('taken')
})

test('a free port is the way to start', () => {
  expect(decideStart({ running: undefined, wanted, portBusy: false })).toBe('start')
})
