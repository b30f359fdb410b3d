import type { Queue } from 'bullmq'

/** What BullMQ says in place of a worker where the server has no list of clients. */
const unsupported = 'GCP does not support client list'

/** How many workers take jobs of the queue now; undefined where the server does not tell. */
export const countWorkers = async (queue: Pick<Queue, 'getWorkers'>): Promise<number | undefined> => {
  const workers = await queue.getWorkers()
  return workers.some(({ name }) => name === unsupported) ? undefined : workers.length
}
