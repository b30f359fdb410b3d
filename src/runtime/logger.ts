import { pino, type Logger as PinoLogger } from 'pino'
import { PinoPretty } from 'pino-pretty'

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Readable lines instead of JSON. */
  readonly readable: boolean
  readonly color: boolean
}

/** Logs go to stderr; stdout is for data. */
export const createLogger = ({ level, readable, color }: LogOptions): PinoLogger => {
  const options = { level, base: null }
  if (!readable) return pino(options, pino.destination({ dest: 2, sync: true }))
  const stream = PinoPretty({
    colorize: color,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname',
    destination: 2,
    sync: true,
  })
  return pino(options, stream)
}
