/** Whether the standard variables of OpenTelemetry ask for traces. Imports nothing, so that asking costs nothing. */

export type TracesWanted =
  | { readonly kind: 'no' }
  /** `why` names the variable and what would do. */
  | { readonly kind: 'unsupported'; readonly why: string }
  | { readonly kind: 'yes'; readonly protocol: Protocol }

/** How spans are written on the line; both by HTTP. */
export type Protocol = (typeof protocols)[number]

const protocols = ['http/protobuf', 'http/json'] as const

export const tracesWanted = (env: NodeJS.ProcessEnv): TracesWanted => {
  // Empty is as good as unset.
  const value = (name: string): string | undefined => env[name]?.trim() || undefined
  if (value('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return { kind: 'no' }
  const endpoint = value('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ?? value('OTEL_EXPORTER_OTLP_ENDPOINT')
  const exporter = value('OTEL_TRACES_EXPORTER') ?? (endpoint === undefined ? 'none' : 'otlp')
  if (exporter === 'none') return { kind: 'no' }
  if (exporter !== 'otlp') {
    return { kind: 'unsupported', why: `OTEL_TRACES_EXPORTER is "${exporter}"; only otlp is known here` }
  }
  const name = 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'
  const asked = value(name) ?? value('OTEL_EXPORTER_OTLP_PROTOCOL') ?? 'http/protobuf'
  const protocol = protocols.find((each) => each === asked)
  if (protocol === undefined) {
    return { kind: 'unsupported', why: `the protocol of OTLP is "${asked}"; ${protocols.join(' and ')} are known here` }
  }
  return { kind: 'yes', protocol }
}
