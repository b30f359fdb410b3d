import { errors, types } from 'cassandra-driver'
import { describe, expect, it } from 'vitest'
import {
  classify,
  connectFault,
  isAmbiguous,
  isBriefOverload,
  isRecordFault,
} from '../../../src/adapters/cassandra/errors.js'
import { faultOf } from '../../../src/adapters/cassandra/faults.js'
import { CaesError } from '../../../src/core/errors.js'

const { responseErrorCodes: response } = types
const attempt = { doing: 'reading rows', where: 'table logs.data' }
const answered = (code: number): Error => new errors.ResponseError(code, 'the server’s words')
const noHost = (inner: Readonly<Record<string, Error>>): Error => new errors.NoHostAvailableError(inner)
const tlsError = (code: string): Error => Object.assign(new Error('error:0A000086:SSL'), { code, isSocketError: true })
const socketError = (): Error => Object.assign(new Error('closed'), { isSocketError: true })

describe('a fault of Cassandra', () => {
  it.each([
    ['too few replicas', answered(response.unavailableException), 'CAES_CASSANDRA_DOWN', false],
    ['a starting node', answered(response.isBootstrapping), 'CAES_CASSANDRA_DOWN', false],
    ['overload', answered(response.overloaded), 'CAES_CASSANDRA_TIMEOUT', true],
    ['a write time-out', answered(response.writeTimeout), 'CAES_CASSANDRA_TIMEOUT', true],
    ['a read time-out', answered(response.readTimeout), 'CAES_CASSANDRA_TIMEOUT', true],
    ['no answer', new errors.OperationTimedOutError('slow'), 'CAES_CASSANDRA_TIMEOUT', true],
    ['a broken connection', socketError(), 'CAES_CASSANDRA_DOWN', true],
    ['an unreachable host', noHost({ a: socketError() }), 'CAES_CASSANDRA_DOWN', false],
    ['a syntax error', answered(response.syntaxError), 'CAES_CONFIG_INVALID', false],
    ['a missing permission', answered(response.unauthorized), 'CAES_CASSANDRA_DENIED', false],
    ['a wrong password', noHost({ a: new errors.AuthenticationError('bad login') }), 'CAES_CASSANDRA_DENIED', false],
    ['an unknown authority', noHost({ a: tlsError('SELF_SIGNED_CERT_IN_CHAIN') }), 'CAES_CERTIFICATE_REFUSED', false],
    ['a certificate that is over', noHost({ a: tlsError('CERT_HAS_EXPIRED') }), 'CAES_CERTIFICATE_REFUSED', false],
    ['an invalid statement', answered(response.invalid), 'CAES_CASSANDRA_REFUSED', false],
    ['a code of a later release', answered(0x7777), 'CAES_CASSANDRA_REFUSED', false],
    ['a bug', new Error('anything'), 'CAES_INTERNAL', false],
  ])('by %s has a code, says what was done, and whether it may have been applied', (_, error, code, ambiguous) => {
    const classified = classify(error, attempt)
    expect(classified.code).toBe(code)
    expect(classified.message).toContain('reading rows')
    expect(classified.where).toBe('table logs.data')
    expect(classified.cause).toBe(error)
    expect(isAmbiguous(error)).toBe(ambiguous)
  })

  it('is one record’s only where the values of a statement can be the reason', () => {
    expect(isRecordFault(answered(response.invalid))).toBe(true)
    expect(isRecordFault(new TypeError('Expected Number'))).toBe(true)
    expect(isRecordFault(new RangeError('out of range'))).toBe(true)
    for (const code of [response.writeTimeout, response.unavailableException, response.syntaxError]) {
      expect(isRecordFault(answered(code))).toBe(false)
    }
    expect(isRecordFault(new Error('anything'))).toBe(false)
  })

  it('tells the refusal of one host rather than the silence of another', () => {
    const error = noHost({ a: socketError(), b: new errors.AuthenticationError('bad login') })
    expect(classify(error, attempt).message).toContain('does not accept the credentials')
  })

  it('tells what is wrong between certificates rather than the silence of another host, and not in words of OpenSSL', () => {
    const error = noHost({ a: socketError(), b: tlsError('ERR_TLS_CERT_ALTNAME_INVALID') })
    expect(classify(error, attempt)).toMatchObject({
      code: 'CAES_CERTIFICATE_REFUSED',
      message: 'Cassandra shows a certificate for another host while reading rows: ERR_TLS_CERT_ALTNAME_INVALID',
    })
  })

  it('never quotes a value that the driver could not encode', () => {
    const error = new TypeError(`Expected Number, obtained 'secret'`)
    expect(classify(error, attempt).message).not.toContain('secret')
  })

  it('stays as it is when it was classified before', () => {
    const error = new CaesError('CAES_SCHEMA_MISMATCH', 'known')
    expect(classify(error, attempt)).toBe(error)
  })

  it('while connecting is the configuration’s for a wrong data center or keyspace', () => {
    const dataCenter = noHost({ a: new errors.ArgumentError('localDataCenter was configured as …') })
    expect(connectFault(dataCenter, 'Cassandra a:9042', undefined).code).toBe('CAES_CONFIG_INVALID')
    expect(connectFault(answered(response.invalid), 'Cassandra a:9042', 'logs').code).toBe('CAES_SCHEMA_MISMATCH')
  })
})

/** Codes of the protocol; the one that the driver added for itself is not among them. */
const ofServers = Object.entries(response).flatMap(([name, code]) =>
  typeof code === 'number' && name !== 'clientWriteFailure' ? [{ name, code }] : [],
)

describe('the table of faults', () => {
  it('has a row of its own for every code that a server can answer with', () => {
    const otherwise = faultOf(answered(0x7777))
    const missing = ofServers.filter(({ code }) => faultOf(answered(code)) === otherwise)
    expect(ofServers.length).toBeGreaterThan(15)
    expect(missing).toEqual([])
  })

  it('sends again within the window only what means overload', () => {
    const again = ofServers.filter(({ code }) => isBriefOverload(answered(code)))
    expect(new Set(again.map(({ code }) => faultOf(answered(code))?.code))).toEqual(new Set(['CAES_CASSANDRA_TIMEOUT']))
    expect(isBriefOverload(new errors.OperationTimedOutError('no answer'))).toBe(false)
  })
})
