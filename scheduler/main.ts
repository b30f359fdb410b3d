#!/usr/bin/env node
/** A scheduler process: as many as you like, all with the same configuration. Same options as `caes-sync run`. */
import { start } from '../src/cli/start.js'

await start(['run', '--role', 'scheduler', ...process.argv.slice(2)])
