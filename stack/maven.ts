import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CaesError } from '../src/core/errors.js'
import { runProgram } from './program.js'
import { lastLines, say } from './progress.js'

// Pinned, so that a download does not change its ways with the Maven that happens to be installed.
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1'

/** Unpacks one artifact (`group:name:version:type`) into a folder. Maven checks what it downloads by checksum. */
export async function unpackArtifact(artifact: string, folder: string, context: MavenContext): Promise<void> {
  await maven([`${plugin}:unpack`, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`], folder, context)
}

/** Copies an artifact's jar and all jars that it needs to run into a folder. */
export async function copyWithDependencies(
  artifact: { group: string; name: string; version: string },
  folder: string,
  context: MavenContext,
): Promise<void> {
  writeFileSync(join(folder, 'pom.xml'), pomFor(artifact))
  const goal = [`${plugin}:copy-dependencies`, `-DoutputDirectory=${folder}`, '-DincludeScope=runtime']
  await maven(['-f', join(folder, 'pom.xml'), ...goal], folder, context)
}

export interface MavenContext {
  readonly signal: AbortSignal
  /** A Java for Maven itself, used where the environment names none. */
  readonly javaHome: string
}

export function pomFor({ group, name, version }: { group: string; name: string; version: string }): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId>
  <artifactId>${name}-with-dependencies</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>${group}</groupId>
      <artifactId>${name}</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`
}

async function maven(args: readonly string[], cwd: string, { signal, javaHome }: MavenContext): Promise<void> {
  const env = { JAVA_HOME: process.env['JAVA_HOME'] ?? javaHome }
  const { code, output } = await runProgram('mvn', ['-B', '-q', '-ntp', '-Dstyle.color=never', ...args], {
    cwd,
    env,
    signal,
  })
  if (code === 0) return
  if (code === undefined) {
    throw new CaesError('CAES_STACK', 'Maven is not installed, and the servers are downloaded with it', {
      hint: 'install it (apt-get install maven, brew install maven), or start a Docker engine',
    })
  }
  for (const line of mavenErrors(output)) say(`  | ${line}`)
  throw new CaesError('CAES_STACK', 'Maven could not download a server', {
    hint: 'see the lines above; it needs to reach Maven Central or the mirror in your Maven settings. Then run this again',
  })
}

/** Maven says first what failed and then at length how to ask it for more; warnings of its own Java come before. */
export function mavenErrors(output: string): string[] {
  const errors = output.split('\n').filter((line) => /^\[(ERROR|FATAL)\] *\S/.test(line))
  return errors.length > 0 ? errors.slice(0, 4) : lastLines(output, 12)
}
