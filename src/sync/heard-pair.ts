/** Hears every answer of the stores, so that whoever watches a window can tell slow from stuck. */
import type { DocumentView } from '../ports/store.js'
import type { Pair } from './pair.js'

/** The same pair; `onAnswer` is called for each answer and each page, not for failures. */
export const heardPair = (pair: Pair, onAnswer: () => void): Pair => {
  const { documents, rows } = pair
  const heard = async <T>(answer: Promise<T>): Promise<T> => {
    const here = await answer
    onAnswer()
    return here
  }
  async function* eachHeard<T>(pages: AsyncIterable<T>): AsyncIterable<T> {
    for await (const page of pages) {
      onAnswer()
      yield page
    }
  }
  const heardView = (view: DocumentView): DocumentView => ({
    pages: (...args) => eachHeard(view.pages(...args)),
    count: (...args) => heard(view.count(...args)),
    sums: (...args) => heard(view.sums(...args)),
    close: () => view.close(),
  })
  return {
    ...pair,
    documents: {
      openView: async (...args) => heardView(await heard(documents.openView(...args))),
      getMany: (...args) => heard(documents.getMany(...args)),
      write: (...args) => heard(documents.write(...args)),
    },
    rows: {
      columns: rows.columns,
      maxVersion: rows.maxVersion,
      entries: (...args) => eachHeard(rows.entries(...args)),
      getMany: (...args) => heard(rows.getMany(...args)),
      writeEntries: (...args) => heard(rows.writeEntries(...args)),
      writeRows: (...args) => heard(rows.writeRows(...args)),
    },
  }
}
