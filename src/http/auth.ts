/**
 * Who asks, and whether they may. Browsers log in on a page and get a cookie; scripts send HTTP Basic with each request.
 * What a request needs stands in auth-roles.ts.
 */
import { Hono, type Context, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Logger } from '../ports/logger.js'
import { mayAs, needOf, type Role } from './auth-roles.js'
import { createSessions } from './auth-sessions.js'
import { createThrottle } from './auth-throttle.js'
import type { User, Users } from './auth-users.js'
import { LoginPage } from './page/login.js'
import { anybody, type MayAct, type Visitor } from './permission.js'
import { prefixOf, relativePath } from './prefix.js'
import { isForeign, safeMethods } from './guard.js'

export interface AuthOptions {
  /** Undefined where nobody has to log in. */
  readonly users: Users | undefined
  /** A proxy with TLS stands in front, and says in X-Forwarded-For who asks. */
  readonly behindProxy: boolean
  readonly logger: Logger
  readonly now?: () => number
}

export interface Auth {
  /** Lets through who may; to be used before all routes that it is to guard. */
  readonly check: MiddlewareHandler
  /** The page to log in, and the way out. */
  readonly routes: Hono
  readonly may: MayAct
  /** Undefined where nobody has to log in. */
  readonly visitor: (context: Context) => Visitor | undefined
  /** See prefix.ts. */
  readonly prefix: (context: Context) => string
}

const longestLogin = 10_000

export const createAuth = (options: AuthOptions): Auth =>
  options.users === undefined ? nobodyLogsIn(options) : withLogin({ ...options, users: options.users })

const nobodyLogsIn = ({ behindProxy }: AuthOptions): Auth => ({
  check: (_, next) => next(),
  routes: new Hono(),
  may: anybody,
  visitor: () => undefined,
  prefix: (context) => prefixOf(context, behindProxy),
})

const withLogin = ({ users, behindProxy, logger, now = Date.now }: AuthOptions & { readonly users: Users }): Auth => {
  const sessions = createSessions()
  const throttle = createThrottle()
  const asking = new WeakMap<Request, User>()
  const underWay = new Map<string, Promise<User | undefined>>()
  // Browsers take a name with this prefix from TLS alone, and from no other host.
  const cookie = behindProxy ? '__Host-caes' : 'caes'

  /** The user, or how long to wait before the next attempt, or neither for a wrong login. */
  const login = async (context: Context, name: string, password: string): Promise<User | number | undefined> => {
    const address = addressOf(context, behindProxy)
    const known = users.remembered(name, password, now())
    if (known !== undefined) return known
    const wait = throttle.wait(address, name, now())
    if (wait > 0) return wait
    const attempt = JSON.stringify([address, name, password])
    // A script may send the same login with several requests at once: that is one attempt.
    const same = underWay.get(attempt)
    if (same !== undefined) return same
    const mine = tryLogin(address, name, password).finally(() => underWay.delete(attempt))
    underWay.set(attempt, mine)
    return mine
  }
  const tryLogin = async (address: string, name: string, password: string): Promise<User | undefined> => {
    // Counted before it is looked at, so that many attempts at once do not all pass the throttle.
    throttle.failed(address, name, now())
    const user = await users.check(name, password)
    if (user !== undefined) throttle.succeeded(address, name)
    else logger.warn({ address, user: name.slice(0, 100) }, 'a login to the dashboard failed')
    return user
  }

  const whoAsks = async (context: Context): Promise<User | number | undefined> => {
    const token = getCookie(context, cookie)
    if (token !== undefined) {
      const name = sessions.nameOf(token, now())
      if (name !== undefined) return users.named(name)
    }
    const basic = basicLogin(context.req.header('authorization'))
    return basic === undefined ? undefined : login(context, basic.name, basic.password)
  }

  const check: MiddlewareHandler = async (context, next) => {
    const need = needOf(context.req.method, context.req.path)
    if (need === 'open') return next()
    const user = await whoAsks(context)
    if (typeof user === 'number') return tooOften(context, user)
    if (user === undefined) return pleaseLogIn(context)
    if (!mayAs(user.role, need)) return context.text(`This needs the role ${need}; you are ${user.role}.\n`, 403)
    if (!safeMethods.has(context.req.method) && hasCookie(context, cookie) && !isOwn(context)) {
      return context.text('Changes are accepted from the dashboard itself only.\n', 403)
    }
    asking.set(context.req.raw, user)
    return next()
  }

  const routes = new Hono()
  routes.get('/login', (context) => page(context, 200, context.req.query('to')))
  routes.post('/login', bodyLimit({ maxSize: longestLogin }), async (context) => {
    const { name, password, to } = await context.req.parseBody()
    const [asName, asPassword, target] = [textOf(name), textOf(password), textOf(to)]
    const user = await login(context, asName, asPassword)
    if (typeof user === 'number') {
      context.header('retry-after', String(Math.ceil(user / 1_000)))
      return page(context, 429, target, `Too many attempts. Try again in ${Math.ceil(user / 1_000)} s.`)
    }
    if (user === undefined) return page(context, 401, target, 'Name or password are wrong.')
    const token = sessions.open(user.name, now())
    setCookie(context, cookie, token, { httpOnly: true, sameSite: 'Strict', secure: behindProxy, path: '/' })
    logger.info({ user: user.name }, 'logged in to the dashboard')
    return context.redirect(relativePath(context.req.path, ownPath(target)), 303)
  })
  routes.post('/logout', (context) => {
    const token = getCookie(context, cookie)
    if (token !== undefined) sessions.close(token)
    deleteCookie(context, cookie, { secure: behindProxy, path: '/' })
    return context.redirect(relativePath(context.req.path, '/login'), 303)
  })
  return {
    check,
    routes,
    may: (context) => {
      const user = asking.get(context.req.raw)
      return user !== undefined && mayAs(user.role, needed) ? user.name : undefined
    },
    visitor: (context) => asking.get(context.req.raw),
    prefix: (context) => prefixOf(context, behindProxy),
  }
}

/** What every action of the status page needs; the table says the same of their routes. */
const needed: Role = 'operator'

const page = (context: Context, status: 200 | 401 | 429, to = '', problem?: string): Response | Promise<Response> =>
  context.html(LoginPage({ to: ownPath(to), ...(problem === undefined ? {} : { problem }) }), status, {
    'cache-control': 'no-store',
  })

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Never to another site: `//elsewhere` and `/\elsewhere` are other hosts to a browser. */
const ownPath = (to: string): string => (/^\/(?![/\\])[\x21-\x7e]*$/.test(to) ? to : '/')

const hasCookie = (context: Context, name: string): boolean => getCookie(context, name) !== undefined

/** Evidence is asked for: a browser that says nothing of where a change comes from is not believed. */
const isOwn = (context: Context): boolean => {
  const site = context.req.header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin'
  const origin = context.req.header('origin')
  return origin !== undefined && !isForeign(origin, context.req.header('host') ?? '')
}

const pleaseLogIn = (context: Context): Response => {
  const { method, path } = context.req
  const browses = context.req.header('accept')?.includes('text/html') === true
  if (method === 'GET' && browses)
    return context.redirect(`${relativePath(path, '/login')}?to=${encodeURIComponent(path)}`, 302)
  // A browser would ask for name and password in a window of its own; it has a page for that.
  if (context.req.header('sec-fetch-mode') === undefined) {
    context.header('www-authenticate', 'Basic realm="caes-sync", charset="UTF-8"')
  }
  return context.text('Please log in.\n', 401)
}

const tooOften = (context: Context, waitMs: number): Response => {
  context.header('retry-after', String(Math.ceil(waitMs / 1_000)))
  return context.text('Too many failed logins.\n', 429)
}

const basicLogin = (header: string | undefined): { readonly name: string; readonly password: string } | undefined => {
  const [, encoded] = /^basic +([A-Za-z0-9+/=]+)$/i.exec(header ?? '') ?? []
  if (encoded === undefined || encoded.length > longestLogin) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) }
}

interface NodeBindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } }
}

/** The proxy puts its own visitor last; what stands before it anybody may have written. */
const addressOf = (context: Context, behindProxy: boolean): string => {
  const forwarded = behindProxy ? context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  const socket = (context.env as NodeBindings | undefined)?.incoming?.socket
  return forwarded ?? socket?.remoteAddress ?? 'unknown'
}
