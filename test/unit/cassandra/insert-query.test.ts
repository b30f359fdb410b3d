import { describe, expect, it } from 'vitest'
import { compileInsertQuery } from '../../../src/adapters/cassandra/insert-query.js'
import { CaesError } from '../../../src/core/errors.js'

const faultOf = (text: string): CaesError => {
  try {
    compileInsertQuery(text)
  } catch (error) {
    if (error instanceof CaesError) return error
    throw error
  }
  throw new Error(`"${text}" was accepted`)
}

describe('insertQuery', () => {
  it('binds every placeholder, in order and as often as it stands there', () => {
    const text = 'INSERT INTO a (k, v, w) VALUES (%(did)s, %(user name)s, %(did)s)'
    expect(compileInsertQuery(text)).toEqual({
      cql: 'INSERT INTO a (k, v, w) VALUES (?, ?, ?)',
      names: ['did', 'user name', 'did'],
    })
  })

  it.each([`'%(v)s'`, `"%(v)s"`, '$$%(v)s$$', '%(v)s'])('takes %s for the placeholder itself', (written) => {
    expect(compileInsertQuery(`INSERT INTO a (k) VALUES (${written})`)).toEqual({
      cql: 'INSERT INTO a (k) VALUES (?)',
      names: ['v'],
    })
  })

  it('leaves other text in quotes as it is, with its braces, semicolons, question marks and comment signs', () => {
    const text = `INSERT INTO a (k, "odd;name") VALUES ('{x}; -- ? /* it''s // fine', $$a;b '?$$)`
    expect(compileInsertQuery(text)).toEqual({ cql: text, names: [] })
  })

  it('binds within collections and function calls', () => {
    expect(compileInsertQuery(`UPDATE a SET m = m + {'k': '%(v)s'}, t = toTimestamp(%(t)s) WHERE k = %(did)s`)).toEqual(
      {
        cql: `UPDATE a SET m = m + {'k': ?}, t = toTimestamp(?) WHERE k = ?`,
        names: ['v', 't', 'did'],
      },
    )
  })

  it('writes %% as one percent sign, in quotes and outside', () => {
    expect(compileInsertQuery(`UPDATE a SET v = '100%%', n = 7 %% 2 WHERE k = '%%(x)s'`).cql).toBe(
      `UPDATE a SET v = '100%', n = 7 % 2 WHERE k = '%(x)s'`,
    )
  })

  it('drops comments with the placeholders and quotes in them', () => {
    const text = `INSERT INTO a (k) -- it's %(no)s\nVALUES /* '%(no)s ; */ (%(yes)s) // the "end`
    expect(compileInsertQuery(text)).toEqual({ cql: 'INSERT INTO a (k)  VALUES   (?)', names: ['yes'] })
  })

  it('separates statements by one semicolon each, however many were written', () => {
    expect(compileInsertQuery(' ;DELETE FROM a WHERE k = 1;;\n DELETE FROM b WHERE k = 2 ; ').cql).toBe(
      'DELETE FROM a WHERE k = 1;\nDELETE FROM b WHERE k = 2',
    )
  })

  it('may be empty', () => {
    expect(compileInsertQuery(' -- nothing yet\n;')).toEqual({ cql: '', names: [] })
  })

  it.each([
    [`VALUES ('Mr %(name)s')`, 'longer text', 'column 9'],
    ['VALUES (%(n)d)', 'another form', 'column 9'],
    ['VALUES (%(n)', 'another form', 'column 9'],
    ['VALUES (?)', 'written as ?', 'column 9'],
    [`VALUES ('open`, 'without an end', 'column 9'],
    ['VALUES\n /* open', 'without an end', 'line 2, column 2'],
  ])('refuses %j and says where', (text, what, where) => {
    const fault = faultOf(text)
    expect(fault.code).toBe('CAES_CONFIG_INVALID')
    expect(fault.message).toContain(what)
    expect(fault.where).toContain(where)
    expect(fault.hint).toBeDefined()
  })
})
