import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { homedir } from 'node:os'
import { CaesError } from '../src/core/errors.js'
import { closedParent, isRoot, modeOnDisk } from './folder.js'
import type { Environment } from './settings.js'

export interface Jvm {
  readonly home: string
  readonly version: string
  readonly major: number
}

export interface JavaNeed {
  /** Who needs it, for messages: "Elasticsearch 9.5.0". */
  readonly who: string
  readonly atLeast: number
  readonly atMost?: number
  /** The variable by which a user names the Java to take. */
  readonly variable: string
  /** Whether a user other than the present one will run it. */
  readonly byOtherUser: boolean
  /** What else would help, beside installing a Java. */
  readonly otherwise?: string
}

/** Reads the `release` file of a Java installation. Java 8 calls itself 1.8. */
export function parseRelease(text: string): { version: string; major: number } | undefined {
  const version = /^JAVA_VERSION="([^"]+)"/m.exec(text)?.[1]
  const parts = version?.split(/[._+-]/).map(Number)
  const major = parts?.[0] === 1 ? parts[1] : parts?.[0]
  return version === undefined || major === undefined || Number.isNaN(major) ? undefined : { version, major }
}

/** The lowest major version that fits, since that one is closest to what the server was made for; undefined if none fits. */
export function chooseJvm(found: readonly Jvm[], need: Pick<JavaNeed, 'atLeast' | 'atMost'>): Jvm | undefined {
  return found
    .filter(({ major }) => major >= need.atLeast && major <= (need.atMost ?? Infinity))
    .sort((a, b) => a.major - b.major || b.version.localeCompare(a.version, 'en', { numeric: true }))[0]
}

/** Undefined when there is no usable Java in this folder. */
export function readJvm(home: string): Jvm | undefined {
  if (!existsSync(join(home, 'bin', 'java')) || !existsSync(join(home, 'release'))) return undefined
  const release = parseRelease(readFileSync(join(home, 'release'), 'utf8'))
  return release === undefined ? undefined : { home, ...release }
}

/** Finds a Java for a server. Throws CAES_STACK that says what was found and what to install or set. */
export function requireJava(need: JavaNeed, env: Environment, candidates = candidateHomes(env)): Jvm {
  const named = env[need.variable]
  if (named !== undefined && named !== '') {
    const jvm = readJvm(named)
    if (jvm !== undefined && chooseJvm([jvm], need) !== undefined) return jvm
    const what = jvm === undefined ? 'is not the folder of a Java' : `is Java ${jvm.version}`
    throw new CaesError('CAES_STACK', `${need.variable} ${what}; ${need.who} needs ${describeNeed(need)}`, {
      where: named,
      hint: `point ${need.variable} at ${describeNeed(need)}, or unset it to search the usual folders`,
    })
  }
  const found = candidates.flatMap((home) => readJvm(home) ?? [])
  const reachable = found.filter(({ home }) => !need.byOtherUser || closedParent(home, modeOnDisk) === undefined)
  const chosen = chooseJvm(reachable, need)
  if (chosen !== undefined) return chosen
  const seen = found.map(({ version, home }) => `${version} in ${home}`).join(', ')
  throw new CaesError('CAES_STACK', `${need.who} needs ${describeNeed(need)}; found: ${seen === '' ? 'none' : seen}`, {
    hint: [
      `install ${describeNeed(need)} (a JDK from your system or from adoptium.net)`,
      `or set ${need.variable} to its folder`,
      ...(need.otherwise === undefined ? [] : [need.otherwise]),
      'or start a Docker engine',
    ].join(', '),
  })
}

function describeNeed({ atLeast, atMost }: JavaNeed): string {
  if (atMost === undefined) return `Java ${atLeast} or newer`
  return atLeast === atMost ? `Java ${atLeast}` : `Java ${atLeast} to ${atMost}`
}

/** Every folder in which a Java usually lies, each once, links resolved. */
function candidateHomes(env: Environment): string[] {
  const collections = [
    '/usr/lib/jvm',
    '/usr/java',
    '/opt/java',
    '/opt',
    join(homedir(), '.sdkman/candidates/java'),
    '/Library/Java/JavaVirtualMachines',
    '/opt/homebrew/opt',
  ]
  const homes = [
    ...(env['JAVA_HOME'] === undefined || env['JAVA_HOME'] === '' ? [] : [env['JAVA_HOME']]),
    ...javaOnPath(env),
    ...collections.flatMap((folder) =>
      existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [],
    ),
  ]
  const real = homes.flatMap((home) => [
    home,
    join(home, 'Contents/Home'),
    join(home, 'libexec/openjdk.jdk/Contents/Home'),
  ])
  return [...new Set(real.filter((home) => existsSync(home)).map((home) => realpathSync(home)))]
}

function javaOnPath(env: Environment): string[] {
  return (env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'java'))
    .filter((file) => existsSync(file))
    .map((file) => dirname(dirname(realpathSync(file))))
}

/** Elasticsearch 9 needs Java 21; 8 runs on 17. When root starts it, another user must be able to enter the folder. */
export function javaForElasticsearch(version: string): JavaNeed {
  const modern = Number(version.split('.')[0]) >= 9
  return {
    who: `Elasticsearch ${version}`,
    atLeast: modern ? 21 : 17,
    variable: 'ES_JAVA_HOME',
    byOtherUser: isRoot(),
    ...(modern ? { otherwise: 'or take Elasticsearch 8, which runs on Java 17: ES_VERSION=8.19.0' } : {}),
  }
}

/** Cassandra 5.0 is tested on Java 17 and refuses newer ones. */
export function javaForCassandra(version: string): JavaNeed {
  return {
    who: `Cassandra ${version}`,
    atLeast: 17,
    atMost: 17,
    variable: 'CAES_CASSANDRA_JAVA_HOME',
    byOtherUser: false,
  }
}
