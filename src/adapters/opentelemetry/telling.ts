/** Says once that spans do not arrive, and once that they do again: a collector that is away must not fill the log. */
import type { SpanExporter } from '@opentelemetry/sdk-trace-node'
import { printable, shortened } from '../../core/printable.js'

const longestReason = 200

export const telling = (exporter: SpanExporter, tell: (text: string) => void): SpanExporter => {
  let failing = false
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const { error } = result
        if (error !== undefined && !failing) {
          const reason = shortened(printable(error.message), longestReason)
          tell(`traces do not arrive at the collector, and are dropped: ${reason}`)
        }
        if (error === undefined && failing) tell('traces arrive at the collector again')
        failing = error !== undefined
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  }
}
