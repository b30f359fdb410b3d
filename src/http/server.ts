/** Listening for HTTP. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { CaesError } from '../core/errors.js'

export interface ListenOptions {
  readonly host: string
  /** 0 means a free one. */
  readonly port: number
  /** The configuration key that sets the address, for the error when it is taken. */
  readonly key: string
}

/** Bounds on what a visitor may cost: one that sends a byte now and then must not hold a connection. */
export interface Limits {
  /** From the first byte of a request to the end of its headers. */
  readonly headersMs: number
  /** To the end of its body. */
  readonly requestMs: number
  /** Between two requests. */
  readonly idleMs: number
  /** How often connections are looked at. */
  readonly checkMs: number
  /** Beyond these, new ones are ended at once. */
  readonly connections: number
}

const usualLimits: Limits = { headersMs: 10_000, requestMs: 30_000, idleMs: 10_000, checkMs: 2_000, connections: 500 }

/** A free port that only this machine reaches: what schedulers and workers get unless configured. */
export const privateAddress: ListenOptions = { host: '127.0.0.1', port: 0, key: 'http.listen' }

export interface Listening {
  readonly port: number
  readonly url: string
  /** Ends open connections too: a browser's idle ones would hold the process. */
  close(): Promise<void>
}

/** Errors: CAES_PORT_TAKEN, CAES_CONFIG_INVALID for an address that is not this machine's or not allowed. */
export const listen = async (
  app: Pick<Hono, 'fetch'>,
  { host, port, key }: ListenOptions,
  limits: Limits = usualLimits,
): Promise<Listening> => {
  const { headersMs, requestMs, idleMs, checkMs, connections } = limits
  const server = createAdaptorServer({
    fetch: app.fetch,
    hostname: host,
    serverOptions: {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      keepAliveTimeout: idleMs,
      connectionsCheckingInterval: checkMs,
    },
  }) as Server
  server.maxConnections = connections
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenFailure(error, host, port, key)))
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  const shownHost = host.includes(':') ? `[${host}]` : host
  return {
    port: address.port,
    url: `http://${shownHost}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const listenFailure = (error: NodeJS.ErrnoException, host: string, port: number, key: string): CaesError => {
  const where = `${host}:${port}`
  if (error.code === 'EADDRINUSE') {
    return new CaesError('CAES_PORT_TAKEN', `port ${port} on ${host} is in use by another program`, {
      where: key,
      hint: `set ${key} to another port, or to port 0 for a free one`,
      cause: error,
    })
  }
  return new CaesError('CAES_CONFIG_INVALID', `cannot listen on ${where}: ${error.code ?? error.message}`, {
    where: key,
    hint: `set ${key} to an address of this machine and a port that this user may open`,
    cause: error,
  })
}
