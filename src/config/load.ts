/** From a YAML file to a checked configuration, or to all that is wrong with it. */
import { dirname } from 'node:path'
import { CaesError } from '../core/errors.js'
import { compose } from './compose.js'
import type { Config } from './config.js'
import { environmentAssignments, withFilesRead } from './environment.js'
import type { Environment } from './interpolate.js'
import { findConfig, type Places } from './lookup.js'
import { loggingPlan } from './logging.js'
import { child, type Node } from './nodes.js'
import { connectionsAt, normalise } from './normalise.js'
import { applyAssignments, setAssignments } from './overrides.js'
import { formatProblems, InvalidConfig, newFindings, type Problem } from './problems.js'
import { checkRules } from './rules.js'
import { readSecretFiles } from './secrets.js'
import { secretsInTheOpen } from './permissions.js'
import { pairPlaces } from './settings.js'
import { validate } from './validate.js'

export interface ConfigText {
  readonly text: string
  /** The name that positions carry; `<inline>` when it is no file. */
  readonly source?: string
  readonly env: Environment
  /** Relative paths in the file start here. */
  readonly baseDir: string
  readonly home: string
  /** `key.key=value`, over what the text says; the last one wins. */
  readonly set?: readonly string[] | undefined
}

const rootOf = (text: string, source: string, env: Environment, problems: Problem[]): Node => {
  const at = { kind: 'file', source, line: 1, column: 1 } as const
  const empty: Node = { kind: 'mapping', at, entries: new Map() }
  const root = compose({ text, name: source, env }, problems)
  if (root === undefined || (root.kind === 'scalar' && root.value === null)) return empty
  // A missing key of the top level is best explained at the very beginning, wherever the first key stands.
  if (root.kind === 'mapping') return { ...root, at }
  problems.push({ at: root.at, what: 'a configuration is a block of keys', hint: 'interval: 60' })
  throw new InvalidConfig(problems)
}

/** A configuration, and how it came to be. */
export interface LoadedConfig {
  readonly config: Config
  /** What was written, wherever; secrets that lie in files are still the names of these files. */
  readonly written: Node
  /** As the configuration used it. */
  readonly env: Environment
}

/**
 * A value of the command line wins over one of the environment, and that over the file's.
 * Errors: CAES_CONFIG_SYNTAX, CAES_CONFIG_INVALID (an InvalidConfig with every problem).
 */
export const readConfig = async (given: ConfigText): Promise<LoadedConfig> => {
  const { text, source = '<inline>', baseDir, home, set = [] } = given
  const findings = newFindings()
  const { problems } = findings
  const env = await withFilesRead(given.env, text, problems)
  const inFile = rootOf(text, source, env, problems)
  const assignments = [...environmentAssignments(env), ...setAssignments(set, problems)]
  const written = applyAssignments(inFile, assignments, problems)
  const root = await readSecretFiles(written, baseDir, problems)
  const file = validate(root, problems)
  checkRules(root, findings)
  const connections = pairPlaces(root).map(({ base }) => connectionsAt(root, base, { findings, baseDir, home }))
  const logging = loggingPlan(child(root, 'logging'), { findings, baseDir, home })
  if (file === undefined || problems.length > 0) throw new InvalidConfig(problems)
  const warnings = formatProblems(findings.warnings)
  const extra = { source, env, baseDir, home, warnings, logging }
  return { config: normalise(file, connections, extra), written, env }
}

/** The same, for those who need not know how it came to be. */
export const parseConfig = async (given: ConfigText): Promise<Config> => (await readConfig(given)).config

export interface LoadOptions extends Places {
  readonly set?: readonly string[] | undefined
}

const decode = (bytes: Buffer, file: string): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new CaesError('CAES_CONFIG_SYNTAX', `${file}: the file is not UTF-8 text`, {
      where: file,
      hint: 'save it as UTF-8',
      cause: error,
    })
  }
}

/**
 * Finds, reads and checks the configuration.
 * Errors: CAES_CONFIG_NOT_FOUND, CAES_CONFIG_SYNTAX, CAES_CONFIG_INVALID.
 */
export const loadConfigWithOrigins = async (options: LoadOptions): Promise<LoadedConfig> => {
  const { file, bytes } = await findConfig(options)
  const { env, home, set } = options
  const text = decode(bytes, file)
  const loaded = await readConfig({ text, source: file, env, baseDir: dirname(file), home, set })
  const warnings = [...loaded.config.warnings, ...(await secretsInTheOpen(file, text, loaded.config))]
  return { ...loaded, config: { ...loaded.config, warnings } }
}

/** The same, for those who need not know how it came to be. */
export const loadConfig = async (options: LoadOptions): Promise<Config> => (await loadConfigWithOrigins(options)).config
