/** One secure stack for all files of this project: started before the first, stopped after the last. */
import type { TestProject } from 'vitest/node'
import { chooseFolder } from '../../stack/folder.js'
import { openFreshStack, secureVariable } from '../../stack/fresh-stack.js'
import { readSettings } from '../../stack/settings.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of the stack's sheet. */
    readonly secureSheet: string
  }
}

export default async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  const given = process.env[secureVariable]
  if (given !== undefined && given !== '') {
    project.provide('secureSheet', given)
    return undefined
  }
  const settings = readSettings(process.env, true)
  const stack = await openFreshStack(settings, chooseFolder(settings.folder), new AbortController().signal)
  project.provide('secureSheet', stack.environment[secureVariable]!)
  return () => stack.close()
}
