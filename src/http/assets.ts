/** The few files that the status page loads: all our own, so that the page asks nobody else for anything. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Hono } from 'hono'
import { classOf, type ShownState } from './page/words.js'

const require = createRequire(import.meta.url)

const fileTypes = { 'status.css': 'text/css', 'status.js': 'text/javascript' } as const

/** Found by the name that package.json gives the folder, so from the sources as well as from the built files. */
const readAsset = (name: keyof typeof fileTypes): string => readFileSync(require.resolve(`#assets/${name}`), 'utf8')

/** Of the small picture in a browser's tab. */
const colours: Record<ShownState, string> = {
  'in sync': '#1a7f4b',
  'catching up': '#b26a00',
  stalled: '#c62f26',
  paused: '#4a6785',
  'never ran': '#7a838c',
  unknown: '#c62f26',
}

const icon = (colour: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${colour}"/></svg>`

/** Routes to be mounted at `/assets`. */
export const assetRoutes = (): Hono => {
  const files = new Map<string, { readonly type: string; readonly body: string }>()
  for (const [name, type] of Object.entries(fileTypes)) {
    files.set(name, { type, body: readAsset(name as keyof typeof fileTypes) })
  }
  for (const [state, colour] of Object.entries(colours)) {
    files.set(`icon-${classOf(state)}.svg`, { type: 'image/svg+xml', body: icon(colour) })
  }
  const routes = new Hono()
  for (const [name, { type, body }] of files) {
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 20)}"`
    routes.get(`/${name}`, (context) => {
      const headers = { 'content-type': `${type}; charset=utf-8`, etag, 'cache-control': 'no-cache' }
      if (context.req.header('if-none-match') === etag) return context.body(null, 304, headers)
      return context.body(body, 200, headers)
    })
  }
  return routes
}
