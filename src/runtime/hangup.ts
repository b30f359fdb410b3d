import { isatty } from 'node:tty'

/**
 * SIGHUP means two things. From a service manager it asks to read the configuration again. From a terminal that was
 * closed it says that nobody is there any more; then the process ends as by SIGTERM.
 */
export const onHangup = (reload: () => Promise<void>): void => {
  const standard = [0, 1, 2].filter((fd) => isatty(fd))
  process.on('SIGHUP', () => {
    const isTerminalGone = standard.some((fd) => !isatty(fd))
    if (isTerminalGone) process.kill(process.pid, 'SIGTERM')
    else void reload()
  })
}
