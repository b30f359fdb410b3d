/**
 * The client's connection, which says of a broken socket no more than its message. Here the error's code goes before it,
 * so that a certificate that is not trusted can be told from a server that is down.
 */
import { UndiciConnection } from '@elastic/transport'

const marked = /^\[([A-Z0-9_]+)\] /

export class TellingConnection extends UndiciConnection {
  constructor(...options: ConstructorParameters<typeof UndiciConnection>) {
    super(...options)
    const request = this.pool.request.bind(this.pool) as (asked: unknown) => Promise<unknown>
    Object.assign(this.pool, {
      request: async (asked: unknown) => {
        try {
          return await request(asked)
        } catch (error) {
          throw withCode(error)
        }
      },
    })
  }
}

/** Codes that the client itself looks at stay where they are. */
const withCode = (error: unknown): unknown => {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error
  if (error.code.startsWith('UND_ERR_')) return error
  return new Error(`[${error.code}] ${error.message}`)
}

/** Takes a message apart again. */
export const socketFault = (message: string): { readonly code: string | undefined; readonly text: string } => {
  const [mark, code] = marked.exec(message) ?? []
  return { code, text: message.slice(mark?.length ?? 0) }
}
