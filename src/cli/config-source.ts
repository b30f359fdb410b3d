import { homedir } from 'node:os'
import type { GlobalOptions } from './global-options.js'

/** Where this process finds its configuration. */
export const configSource = (global: GlobalOptions) => ({
  ...(global.config === undefined ? {} : { path: global.config }),
  ...(global.set === undefined ? {} : { set: [...global.set] }),
  env: process.env,
  cwd: process.cwd(),
  home: homedir(),
})
