/**
 * Spans of windows, sent to whatever collector the standard OTEL_* variables name. They tell ranges and counts, never
 * what is in a record. Elasticsearch's client adds a span for each of its requests by itself.
 *
 * BullMQ's own telemetry is not used: it makes spans of every look for work, also of an idle system, and knows neither
 * pair nor range. Its jobs carry the trace all the same.
 */
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node'
import type { WindowReport } from '../../core/report.js'
import type { Window } from '../../core/window.js'
import type { Attempt, Tracing } from '../../ports/tracing.js'
import { settledWithin } from '../../runtime/within.js'
import { telling } from './telling.js'
import type { Protocol } from './wanted.js'

export interface TracingOptions {
  readonly protocol: Protocol
  readonly version: string
  /** Which role the process plays. */
  readonly role: string
  /** Told when spans begin to be lost, and when they arrive again. */
  readonly tell: (text: string) => void
}

export interface RunningTracing extends Tracing {
  /** Sends what is left, for as long as `limitMs`. */
  stop(limitMs: number): Promise<void>
}

/** From now on, for the whole process; there can be one at a time. */
export const startTracing = ({ protocol, version, role, tell }: TracingOptions): RunningTracing => {
  const exporter = protocol === 'http/json' ? new JsonExporter() : new ProtobufExporter()
  return tracingTo(telling(exporter, tell), { version, role })
}

/** @param exporter closed with it */
export const tracingTo = (
  exporter: SpanExporter,
  { version, role }: Pick<TracingOptions, 'version' | 'role'>,
): RunningTracing => {
  const own = { 'service.name': 'caes-sync', 'service.version': version, 'caes.role': role, 'process.pid': process.pid }
  const provider = new NodeTracerProvider({
    // What the environment says of the process comes last, and so wins.
    resource: defaultResource()
      .merge(resourceFromAttributes(own))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  })
  provider.register()
  const tracer = trace.getTracer('caes-sync', version)

  /** Ends with the work, however that ends. */
  const within = <T>(
    name: string,
    { kind, attributes }: { readonly kind: SpanKind; readonly attributes: Attributes },
    parent: Context,
    work: (span: Span) => Promise<T>,
  ): Promise<T> =>
    tracer.startActiveSpan(name, { kind, attributes }, parent, async (span) => {
      try {
        return await work(span)
      } finally {
        span.end()
      }
    })

  return {
    planned: (pair, windows, work) => {
      const span = {
        kind: SpanKind.PRODUCER,
        attributes: { ...rangeOf(pair, windows), 'caes.windows': windows.length },
      }
      return within('plan windows', span, ROOT_CONTEXT, async (planning) => {
        try {
          return await work(carry())
        } catch (error) {
          planning.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : '' })
          throw error
        }
      })
    },
    attempted: (attempt, carried, work) => {
      const span = { kind: SpanKind.CONSUMER, attributes: attributesOf(attempt) }
      return within('sync window', span, carriedBy(carried), async (attempted) => {
        const report = await work()
        attempted.setAttributes(countsOf(report))
        return report
      })
    },
    failed: (reason) => void trace.getActiveSpan()?.setStatus({ code: SpanStatusCode.ERROR, message: reason }),
    stop: async (limitMs) => {
      // What could not be sent was told when it happened.
      await settledWithin(
        provider.shutdown().catch(() => undefined),
        limitMs,
      )
      trace.disable()
      context.disable()
      propagation.disable()
    },
  }
}

const carry = (): string => {
  const carrier: Record<string, string> = {}
  propagation.inject(context.active(), carrier)
  return JSON.stringify(carrier)
}

/** A job can hold anything; what is no trace begins a new one. */
const carriedBy = (carried: string | undefined): Context => {
  if (carried === undefined) return ROOT_CONTEXT
  try {
    return propagation.extract(ROOT_CONTEXT, JSON.parse(carried))
  } catch (error) {
    if (error instanceof SyntaxError) return ROOT_CONTEXT
    throw error
  }
}

const rangeOf = (pair: string, windows: readonly Window[]): Attributes => ({
  'caes.pair': pair,
  'caes.window.from': Math.min(...windows.map(({ from }) => from)),
  'caes.window.to': Math.max(...windows.map(({ to }) => to)),
})

const attributesOf = ({ pair, window, part, audit, attempt }: Attempt): Attributes => ({
  ...rangeOf(pair, [window]),
  'caes.attempt': attempt,
  'caes.audit': audit,
  ...(part === undefined ? {} : { 'caes.part.from': part.from, 'caes.part.to': part.to }),
})

const countsOf = ({ read, written, ties, superseded, held, rejected }: WindowReport): Attributes => ({
  'caes.read.elasticsearch': read.elasticsearch,
  'caes.read.cassandra': read.cassandra,
  'caes.written.elasticsearch': written.elasticsearch,
  'caes.written.cassandra': written.cassandra,
  'caes.ties': ties,
  'caes.superseded': superseded,
  'caes.held': held,
  'caes.rejected': rejected,
})
