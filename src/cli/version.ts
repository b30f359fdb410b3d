import { createRequire } from 'node:module'

/** From package.json, found by the name that it gives itself, so from the sources as well as from the built files. */
export const { version } = createRequire(import.meta.url)('#package.json') as { readonly version: string }
