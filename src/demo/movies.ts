/** Real records for demo and tests: 3,201 films with gaps, odd titles and old dates, as the npm package vega-datasets ships them. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { CaesError } from '../core/errors.js'

/** One film; null where nothing is known. Amounts are whole dollars, `released` is YYYY-MM-DD. */
export interface Movie {
  readonly title: string | null
  readonly director: string | null
  readonly genre: string | null
  readonly mpaa: string | null
  readonly released: string | null
  readonly minutes: number | null
  readonly budget: number | null
  readonly gross: number | null
  readonly rating: number | null
  readonly votes: number | null
}

type Source = Readonly<Record<string, string | number | null>>

export const loadMovies = async (): Promise<readonly { readonly id: string; readonly movie: Movie }[]> => {
  const path = join(dirname(loaderPath()), '..', 'data', 'movies.json')
  const sources = JSON.parse(await readFile(path, 'utf8')) as readonly Source[]
  return sources.map((source, index) => ({ id: uuidOf(`movie ${index}`), movie: movieOf(source) }))
}

/** The package exports its loader only; the data lies beside it. */
const loaderPath = (): string => {
  try {
    return createRequire(import.meta.url).resolve('vega-datasets')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    throw new CaesError('CAES_USAGE', 'the demo needs records that are installed for development only', {
      hint: 'Run it in a clone: npm run demo.',
    })
  }
}

const movieOf = (source: Source): Movie => ({
  title: textOf(source['Title']),
  director: textOf(source['Director']),
  genre: textOf(source['Major Genre']),
  mpaa: textOf(source['MPAA Rating']),
  released: dateOf(textOf(source['Release Date'])),
  minutes: numberOf(source['Running Time min']),
  budget: numberOf(source['Production Budget']),
  gross: numberOf(source['Worldwide Gross']),
  rating: numberOf(source['IMDB Rating']),
  votes: numberOf(source['IMDB Votes']),
})

/** Nine titles are numbers in the file: 1776, 1941, 300 … */
const textOf = (value: string | number | null | undefined): string | null => (value == null ? null : String(value))
const numberOf = (value: string | number | null | undefined): number | null =>
  typeof value === 'number' ? value : null

/** `Jun 12 1998` → `1998-06-12` */
const dateOf = (text: string | null): string | null => {
  const time = text === null ? Number.NaN : Date.parse(`${text} UTC`)
  return Number.isNaN(time) ? null : new Date(time).toISOString().slice(0, 10)
}

/** A version 4 UUID that is the same in every run. */
export const uuidOf = (name: string): string => {
  const hex = createHash('sha256').update(name).digest('hex')
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) % 4]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
