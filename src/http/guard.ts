/**
 * A board without a login is safe only as long as no web page can talk to it through its visitor's browser. Two ways
 * in are closed here: a foreign name that resolves to this machine (the Host header gives it away), and requests that
 * another site makes a browser send (the browser says so itself).
 */
import type { MiddlewareHandler } from 'hono'

const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

export const isLoopback = (host: string): boolean => loopbackHosts.has(host) || host === '::1'

export const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** @param host the address that is listened on; names are checked only on the loopback, where they are known */
export const guard = (host: string): MiddlewareHandler => {
  const checkName = isLoopback(host)
  return async (context, next) => {
    const named = context.req.header('host') ?? ''
    if (checkName && !loopbackHosts.has(named.replace(/:\d+$/, ''))) {
      return context.text(
        'This address is served to this machine only; use http://localhost or http://127.0.0.1.\n',
        403,
      )
    }
    const changes = !safeMethods.has(context.req.method)
    const site = context.req.header('sec-fetch-site')
    if (changes && (isForeign(context.req.header('origin'), named) || (site !== undefined && !ownSites.has(site)))) {
      return context.text('Changes are accepted from the dashboard itself only.\n', 403)
    }
    return next()
  }
}

/** Where browsers say that a request comes from: the page itself, or nobody's page at all. */
const ownSites: ReadonlySet<string> = new Set(['same-origin', 'none'])

/** Browsers always send Origin with a request that changes something; other clients need not. */
export const isForeign = (origin: string | undefined, host: string): boolean => {
  if (origin === undefined) return false
  return !URL.canParse(origin) || new URL(origin).host !== host
}
