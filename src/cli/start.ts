import { keepHeapSmall } from '../runtime/heap.js'
import { main } from './program.js'

/** What every entry does with its command line. */
export const start = async (args: readonly string[]): Promise<void> => {
  keepHeapSmall()
  // A reader that has seen enough, such as head, is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
  process.exitCode = await main(args)
}
