import { describe, expect, it } from 'vitest'
import { MemoryDocumentStore } from '../../src/adapters/memory/memory-document-store.js'
import { describeDocumentScan } from './document-scan.js'
import { describeDocumentPurge } from './document-purge.js'
import { describeDocumentStore, type DocumentStoreFixture } from './document-store.js'

const pageSize = 10
const batchSize = 5
const mirrored = new Set(['name', 'count', 'poison'])

const memoryDocuments = async (): Promise<DocumentStoreFixture> => {
  const store = new MemoryDocumentStore({
    mirrored,
    pageSize,
    batchSize,
    refuses: ({ poison }) => (typeof poison === 'string' ? 'failed to parse field [poison]' : undefined),
  })
  return {
    store,
    pageSize,
    batchSize,
    client: {
      put: async (id, version, source) => void store.put(id, version, source),
      putMany: async (documents) => {
        for (const { id, version, source } of documents) store.put(id, version, source)
      },
      putUnversioned: async (id, source) => store.putUnversioned(id, source),
      delete: async (id, version) => void store.delete(id, version),
    },
    requests: () => store.requests,
    close: async () => {},
  }
}

describeDocumentStore('memory', memoryDocuments)
describeDocumentScan('memory', memoryDocuments)
describeDocumentPurge('memory', memoryDocuments)

describe('the index in memory', () => {
  it('lets an old write bring a document back once its tombstone is forgotten', () => {
    const store = new MemoryDocumentStore({ mirrored })
    store.put('a', 5, {})
    expect(store.delete('a', 6)).toBe('written')
    expect(store.put('a', 5, {})).toBe('superseded')

    store.forgetTombstones()

    expect(store.put('a', 5, {})).toBe('written')
  })

  it('fails the request that a test wants to fail', async () => {
    const store = new MemoryDocumentStore({
      mirrored,
      beforeRequest: (request) => {
        if (request === 'bulk') throw new Error('no bulk today')
      },
    })
    const writing = store.write([{ id: 'a', version: 1, source: {} }], () => true, new AbortController().signal)
    await expect(writing).rejects.toThrow('no bulk today')
    expect(store.documents().size).toBe(0)
  })
})
