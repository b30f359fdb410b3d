/** Traces of the process, where the environment asks for them; the libraries are loaded only then. */
import type { RunningTracing } from '../adapters/opentelemetry/tracing.js'
import { tracesWanted } from '../adapters/opentelemetry/wanted.js'
import { version } from './version.js'

/** @param tell for the log; traces never keep the service from its work */
export const openTraces = async (
  env: NodeJS.ProcessEnv,
  role: string,
  tell: (text: string) => void,
): Promise<RunningTracing | undefined> => {
  const wanted = tracesWanted(env)
  if (wanted.kind === 'unsupported') tell(`no traces: ${wanted.why}`)
  if (wanted.kind !== 'yes') return undefined
  const { startTracing } = await import('../adapters/opentelemetry/tracing.js')
  return startTracing({ protocol: wanted.protocol, version, role, tell })
}
