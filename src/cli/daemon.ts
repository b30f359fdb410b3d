#!/usr/bin/env node
/** The original's command: `caes-sync-daemon start|stop|restart|reload`. */
import { start } from './start.js'

const [verb, ...rest] = process.argv.slice(2)
if (verb === 'start' || verb === 'stop' || verb === 'restart' || verb === 'reload') {
  await start([verb, ...rest])
} else {
  process.stderr.write('Usage: caes-sync-daemon start|stop|restart|reload [-c FILE]\n')
  process.exitCode = verb === '--help' || verb === '-h' ? 0 : 2
}
