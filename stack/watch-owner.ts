import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { projectRoot } from './folder.js'

/**
 * Has this process watched: if it ends without stopping the stack in `home`, that is done for it. See owner-gone.ts.
 * @returns ends the watch, once there is nothing to stop any more
 */
export function watchOwner(folder: string, home: string): () => void {
  const watcher = spawn(process.execPath, [join(projectRoot, 'dist/stack/owner-gone.js'), folder, home], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // What ends this process, such as Ctrl-C or a killed group, must not end the watcher.
    detached: true,
  })
  // Without a watcher the next start clears up, as it always does.
  watcher.on('error', () => undefined)
  watcher.stdin.on('error', () => undefined)
  watcher.unref()
  ;(watcher.stdin as Socket).unref()
  return () => void watcher.stdin.end()
}
