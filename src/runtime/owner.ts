/**
 * Ending together with the process that started this one, where that one asks for it. The demo and the tests do: however
 * they end, SIGKILL included, none of the processes that they started stays behind.
 */

/** Set to 1 by an owner; without it, as for a service in the background, the owner may leave. */
export const endsWithOwnerVariable = 'CAES_ENDS_WITH_OWNER'

/** Drains as for SIGTERM once the channel to the owner is closed. Needs `onShutdown`. */
export const endWithOwner = (): void => {
  if (process.env[endsWithOwnerVariable] !== '1' || process.channel === undefined) return
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  // Listening alone would keep a process alive that has nothing else to do.
  process.channel.unref()
}
