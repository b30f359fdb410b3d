/**
 * The client's connection, which says of a broken socket no more than its message. Here the error's code goes before it,
 * so that a certificate that is refused can be told from a server that is down.
 */
import { UndiciConnection } from '@elastic/transport'
import { heardAlert } from '../../runtime/tls-alert.js'

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
          throw withCode((await this.#refusal(error)) ?? error)
        }
      },
    })
  }

  /** The client knows of a refused certificate no more than that the server closed. */
  async #refusal(error: unknown): Promise<Error | undefined> {
    if (this.url.protocol !== 'https:' || codeOf(error) !== 'UND_ERR_SOCKET') return undefined
    const host = this.url.hostname.replace(/^\[(.*)\]$/, '$1')
    return heardAlert({ ...this.tls, host, port: Number(this.url.port || 443) })
  }
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

/** Codes that the client itself looks at stay where they are. */
const withCode = (error: unknown): unknown => {
  const code = codeOf(error)
  if (code === undefined || code.startsWith('UND_ERR_')) return error
  return new Error(`[${code}] ${(error as Error).message}`)
}

/** Takes a message apart again. */
export const socketFault = (message: string): { readonly code: string | undefined; readonly text: string } => {
  const [mark, code] = marked.exec(message) ?? []
  return { code, text: message.slice(mark?.length ?? 0) }
}
