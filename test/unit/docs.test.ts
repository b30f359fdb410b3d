/** Pages that are made from the code have to be made anew when it changes. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pages, pageUrl } from '../docs/pages.js'

test.each([...pages()])('%s is up to date; "npm run docs" writes it', (name, text) => {
  expect(readFileSync(pageUrl(name), 'utf8')).toBe(text)
})
