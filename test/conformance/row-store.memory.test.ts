import { MemoryCheckpointStore } from '../../src/adapters/memory/memory-checkpoint-store.js'
import { MemoryPauseStore } from '../../src/adapters/memory/memory-pause-store.js'
import { MemoryRowStore } from '../../src/adapters/memory/memory-row-store.js'
import { rowColumns } from '../support/row-columns.js'
import { describeCheckpointStore } from './checkpoint-store.js'
import { MemoryRunStore } from '../../src/adapters/memory/memory-run-store.js'
import { describePauseStore } from './pause-store.js'
import { describeRunStore } from './run-store.js'
import { describeRowPurge } from './row-purge.js'
import { describeRowScan } from './row-scan.js'
import { describeRowStore, type MakeRowStore } from './row-store.js'

const memoryRows: MakeRowStore = async ({ bigVersions }) => {
  const store = new MemoryRowStore({ columns: rowColumns, ...(bigVersions ? {} : { maxVersion: 2 ** 31 - 1 }) })
  return {
    store,
    client: {
      entry: async (id, version) => store.putEntry(id, version),
      row: async (id, cells, writeTime) => store.putRow(id, new Map(Object.entries(cells)), writeTime),
    },
    requests: () => store.requests,
    close: async () => undefined,
  }
}

describeRowStore('memory', memoryRows)
describeRowScan('memory', memoryRows)
describeRowPurge('memory', memoryRows)

describeCheckpointStore('memory', async () => ({ store: new MemoryCheckpointStore(), close: async () => undefined }))

describePauseStore('memory', async () => ({ store: new MemoryPauseStore(), close: async () => undefined }))

describeRunStore('memory', async () => ({ store: new MemoryRunStore(), close: async () => undefined }))
