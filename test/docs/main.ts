/** Writes the pages that are made from the code. Run by `npm run docs`; a unit test checks that they are up to date. */
import { writeFileSync } from 'node:fs'
import { pages, pageUrl } from './pages.js'

for (const [name, text] of pages()) writeFileSync(pageUrl(name), text)
