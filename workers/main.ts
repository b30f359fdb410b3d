#!/usr/bin/env node
/** A worker process: as many as you like, all with the same configuration. Same options as `caes-sync run`. */
import { start } from '../src/cli/start.js'

await start(['run', '--role', 'worker', ...process.argv.slice(2)])
