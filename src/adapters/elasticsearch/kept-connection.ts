/**
 * The client's connection, which stays open. undici ends its socket after every request with a body that the method does
 * not ask for, and a point in time is closed by such a DELETE: so each window would open a socket anew, with all that
 * TLS takes, and its first requests would wait for that. Node.js itself keeps the socket.
 */
import {
  HttpConnection,
  type ConnectionRequestOptions,
  type ConnectionRequestOptionsAsStream,
  type ConnectionRequestParams,
  type ConnectionRequestResponse,
  type ConnectionRequestResponseAsStream,
} from '@elastic/transport'
import { TellingConnection } from './telling-connection.js'

export class KeptConnection extends TellingConnection {
  /** Opens nothing before it is used. */
  readonly #deleting: HttpConnection

  constructor(...options: ConstructorParameters<typeof TellingConnection>) {
    super(...options)
    this.#deleting = new HttpConnection(...options)
  }

  override request(
    params: ConnectionRequestParams,
    options: ConnectionRequestOptions,
  ): Promise<ConnectionRequestResponse>
  override request(
    params: ConnectionRequestParams,
    options: ConnectionRequestOptionsAsStream,
  ): Promise<ConnectionRequestResponseAsStream>
  override request(
    params: ConnectionRequestParams,
    options: ConnectionRequestOptions & ConnectionRequestOptionsAsStream,
  ): Promise<ConnectionRequestResponse | ConnectionRequestResponseAsStream> {
    const hasBody = params.body !== undefined && params.body !== null && params.body !== ''
    return params.method === 'DELETE' && hasBody
      ? this.#deleting.request(params, options)
      : super.request(params, options)
  }

  override async close(): Promise<void> {
    await Promise.all([super.close(), this.#deleting.close()])
  }
}
