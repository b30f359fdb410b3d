/** `caes-sync run`: one role of the service, or all of them in one process, in the foreground. */
import type { Config } from '../config/config.js'
import { loadConfig } from '../config/load.js'
import { errorText } from '../core/error-text.js'
import { CaesError, exitCode } from '../core/errors.js'
import { runReloadable } from '../daemon/reloading.js'
import { createHealth } from '../http/health.js'
import { createMetrics } from '../http/metrics.js'
import { systemClock } from '../runtime/clock.js'
import { onHangup } from '../runtime/hangup.js'
import { endWithOwner } from '../runtime/owner.js'
import { onShutdown } from '../runtime/signals.js'
import { configSource } from './config-source.js'
import { fingerprintOf } from './fingerprint.js'
import { startGeneration, type Lasting, type RunOptions } from './generation.js'
import type { GlobalOptions } from './global-options.js'
import { reportReload } from './reload-report.js'
import { openTraces } from './traces.js'
import { version } from './version.js'

export type { RunOptions } from './generation.js'

/** A configuration, and by what a changed one is told. */
interface Loaded {
  readonly config: Config
  readonly fingerprint: string
}

/** After the windows have ended: for closing connections. */
const releaseLimitMs = 10_000
/** For the last spans. */
const tracesLimitMs = 3_000

/** Starts the role and returns; the process ends by a signal. */
export const run = async (options: RunOptions, global: GlobalOptions): Promise<number> => {
  const load = async (): Promise<Loaded> => {
    const config = await loadConfig(configSource(global))
    return { config, fingerprint: fingerprintOf(config) }
  }
  const loaded = await load()
  const early: string[] = []
  let tell = (text: string): void => void early.push(text)
  const tracing = await openTraces(process.env, options.role, (text) => tell(text))
  const lasting: Lasting = {
    health: createHealth(),
    metrics: createMetrics(systemClock, version),
    ...(tracing === undefined ? {} : { tracing }),
    onRunning: sayOnce(),
    onHopeless: (error) => void leave(error),
  }
  const service = runReloadable(loaded, {
    load,
    same: (a, b) => a.fingerprint === b.fingerprint,
    tryOut: async ({ config }) => (await import('./try-stores.js')).demandStores(config),
    start: ({ config }) => startGeneration(config, options, global, lasting),
  })
  tell = (text) => service.logger.warn({}, text)
  for (const text of early) tell(text)
  const stop = async (): Promise<void> => {
    await service.stop()
    await tracing?.stop(tracesLimitMs)
  }
  const leave = async (error: unknown): Promise<void> => {
    service.logger.error({}, `cannot go on: ${errorText(error)}`)
    await stop()
    process.exit(error instanceof CaesError ? error.exitCode : exitCode.failed)
  }
  // Before anything is opened: a signal during a slow start ends it too.
  onShutdown({
    stop,
    limitMs: () => service.stopLimitMs() + releaseLimitMs + tracesLimitMs,
    logger: service.logger,
  })
  endWithOwner()
  onHangup(async () => {
    const outcome = await service.reload()
    reportReload(outcome)
    if (outcome.kind === 'lost') await leave(outcome.error)
  })
  try {
    await service.started
  } catch (error) {
    await stop()
    throw error
  }
  return exitCode.done
}

/** Whoever started this process may wait for it: caes-sync-daemon, the demo, a test. */
const sayOnce = (): Lasting['onRunning'] => {
  let said = false
  return (url) => {
    if (!said) process.send?.({ url })
    said = true
  }
}
