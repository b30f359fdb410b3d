import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cassandraArguments, cassandraConfig, cassandraLogback, commitLogOptions } from './cassandra-config.js'
import { installOnce } from './install.js'
import { javaForCassandra, requireJava } from './java.js'
import { copyWithDependencies } from './maven.js'
import { internalPort } from './ports.js'
import { probesFor } from './probe.js'
import { say } from './progress.js'
import type { SecurePlace } from './secure-place.js'
import type { Launch, Places, Server } from './server.js'
import { cassandraVersion, portVariables, type StackSettings } from './settings.js'

/** A secure stack usually runs beside the plain one. */
const smallHeap = '512m'

/** Cassandra from the jars on Maven Central, started by its main class. */
export function cassandraServer(settings: StackSettings, { home, dist, secure }: Places): Server {
  const version = cassandraVersion
  const { port } = settings.ports.cassandra
  const { variable } = portVariables.cassandra
  const heap = secure === undefined ? '1g' : smallHeap
  return {
    name: 'cassandra',
    version,
    port,
    portVariable: variable,
    endpoint: `127.0.0.1:${port}`,
    probe: probesFor(secure).cassandra,
    async prepare(signal): Promise<Launch> {
      const java = requireJava(javaForCassandra(version), process.env)
      const jars = join(dist, `cassandra-${version}`)
      await installOnce(jars, signal, async (folder) => {
        say(`cassandra ${version}: downloading from Maven Central (about 70 MB, once)`)
        const artifact = { group: 'org.apache.cassandra', name: 'cassandra-all', version }
        await copyWithDependencies(artifact, folder, { signal, javaHome: java.home })
      })
      const storagePort = await internalPort(
        'Cassandra storage',
        settings.ports.cassandraStorage,
        portVariables.cassandraStorage.variable,
      )
      const folder = join(home, `cassandra-${version}`)
      rmSync(join(folder, 'tmp'), { recursive: true, force: true })
      mkdirSync(join(folder, 'tmp'), { recursive: true })
      const tls = secure === undefined ? {} : { tls: keepCertificates(folder, secure) }
      writeFileSync(join(folder, 'cassandra.yaml'), cassandraConfig({ folder, port, storagePort, ...tls }))
      writeFileSync(join(folder, 'logback.xml'), cassandraLogback)
      return {
        command: join(java.home, 'bin', 'java'),
        args: cassandraArguments(folder, jars, heap, commitLogOptions(settings.syncEveryWrite)),
        env: {},
        cwd: folder,
      }
    },
  }
}

/** Certificate and key in one file, as Cassandra wants them. */
function keepCertificates(folder: string, secure: SecurePlace): { own: string; trusted: string } {
  const { cert, key } = secure.certificate('server')
  const own = join(folder, 'server.pem')
  writeFileSync(own, readFileSync(key, 'utf8') + readFileSync(cert, 'utf8'), { mode: 0o600 })
  return { own, trusted: secure.certificate('ca').cert }
}
