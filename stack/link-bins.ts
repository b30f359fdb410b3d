import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Links the package's own programs into node_modules/.bin: npm does that for dependencies only, and `npx caes-sync`
 * shall work in the clone. A program that is not built yet is linked all the same.
 */
export function linkBins(root: string, bins: Readonly<Record<string, string>>): void {
  const folder = join(root, 'node_modules', '.bin')
  mkdirSync(folder, { recursive: true })
  for (const [name, target] of Object.entries(bins)) {
    const link = join(folder, name)
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) rmSync(link)
    symlinkSync(relative(folder, join(root, target)), link)
    if (existsSync(join(root, target))) chmodSync(join(root, target), 0o755)
  }
}

if (resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  const root = resolve(import.meta.dirname, '../..')
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: Record<string, string> }
  // Windows needs no link but a command file, and links need a privilege there.
  if (process.platform !== 'win32') linkBins(root, bin)
}
