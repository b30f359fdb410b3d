/** The pages of the documentation that people wrote, wherever they lie. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Page {
  /** From the root of the project: `docs/contract.md`. */
  readonly name: string
  readonly path: string
  readonly text: string
}

export const allPages = (): Page[] =>
  [
    ...readdirSync(root).map((name) => join(root, name)),
    ...['docs', 'deploy'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(root, folder, name)),
    ),
  ]
    .filter((path) => path.endsWith('.md'))
    .map((path) => ({ path, name: relative(root, path), text: readFileSync(path, 'utf8') }))
