import { chownSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { elasticsearchConfig, withoutProgramLogs } from './elasticsearch-config.js'
import { elasticsearchUsers } from './elasticsearch-users.js'
import { isRoot, unprivileged } from './folder.js'
import { installOnce } from './install.js'
import { javaForElasticsearch, requireJava } from './java.js'
import { unpackArtifact } from './maven.js'
import { internalPort } from './ports.js'
import { probesFor } from './probe.js'
import { say } from './progress.js'
import type { SecurePlace } from './secure-place.js'
import type { Launch, Places, Server } from './server.js'
import { portVariables, type StackSettings } from './settings.js'

const memory = '-Xms512m -Xmx512m'
/** A secure stack usually runs beside the plain one. */
const smallMemory = '-Xms384m -Xmx384m'

/** The real server from Maven Central, without the modules that a test of documents and searches does not need. */
export function elasticsearchServer(settings: StackSettings, { home, dist, secure }: Places): Server {
  const version = settings.elasticsearchVersion
  const { port } = settings.ports.elasticsearch
  const { variable } = portVariables.elasticsearch
  return {
    name: 'elasticsearch',
    version,
    port,
    portVariable: variable,
    endpoint: `${secure === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    probe: probesFor(secure).elasticsearch,
    async prepare(signal): Promise<Launch> {
      const java = requireJava(javaForElasticsearch(version), process.env)
      const unpacked = join(dist, `elasticsearch-${version}`)
      await installOnce(unpacked, signal, async (folder) => {
        say(`elasticsearch ${version}: downloading from Maven Central (about 100 MB, once)`)
        const artifact = `org.elasticsearch.distribution.integ-test-zip:elasticsearch:${version}:zip`
        await unpackArtifact(artifact, folder, { signal, javaHome: java.home })
      })
      const program = join(unpacked, `elasticsearch-${version}`)
      const transportPort = await internalPort(
        'Elasticsearch transport',
        settings.ports.elasticsearchTransport,
        portVariables.elasticsearchTransport.variable,
      )
      const own = makeFolders(home, version, program)
      const tls = secure === undefined ? {} : { tls: guard(own.config, secure) }
      writeFileSync(join(own.config, 'elasticsearch.yml'), elasticsearchConfig({ ...own, port, transportPort, ...tls }))
      if (isRoot()) giveAwaySettings(own.config)
      return {
        command: join(program, 'bin', 'elasticsearch'),
        args: [],
        env: {
          ES_JAVA_HOME: java.home,
          ES_JAVA_OPTS: secure === undefined ? memory : smallMemory,
          ES_PATH_CONF: own.config,
          ES_TMPDIR: own.tmp,
        },
        cwd: own.folder,
        ...(isRoot() ? { user: unprivileged } : {}),
      }
    },
  }
}

/** Each version has its own data: an older server does not open what a newer one wrote. The settings are made anew. */
function makeFolders(home: string, version: string, program: string) {
  const folder = join(home, `elasticsearch-${version}`)
  const folders = {
    folder,
    config: join(folder, 'config'),
    data: join(folder, 'data'),
    logs: join(folder, 'logs'),
    tmp: join(folder, 'tmp'),
  }
  rmSync(folders.config, { recursive: true, force: true })
  rmSync(folders.tmp, { recursive: true, force: true })
  for (const path of Object.values(folders)) mkdirSync(path, { recursive: true })
  cpSync(join(program, 'config'), folders.config, { recursive: true })
  const options = join(folders.config, 'jvm.options')
  writeFileSync(options, withoutProgramLogs(readFileSync(options, 'utf8')))
  // What lies deeper in the others was made by the server itself.
  if (isRoot()) giveAway(Object.values(folders))
  return folders
}

/** Puts certificates and users into the settings. */
function guard(config: string, secure: SecurePlace): { cert: string; key: string; ca: string } {
  const { cert, key } = secure.certificate('server')
  const tls = { cert: join(config, 'server.pem'), key: join(config, 'server.key'), ca: join(config, 'ca.pem') }
  cpSync(cert, tls.cert)
  cpSync(key, tls.key)
  cpSync(secure.certificate('ca').cert, tls.ca)
  for (const [name, text] of Object.entries(elasticsearchUsers(secure.accounts().elasticsearch))) {
    writeFileSync(join(config, name), text, { mode: 0o600 })
  }
  return tls
}

/** Files come with the modes of the archive, and those with secrets are for their owner alone. */
function giveAwaySettings(config: string): void {
  giveAway(readdirSync(config, { recursive: true, encoding: 'utf8' }).map((name) => join(config, name)))
}

function giveAway(paths: readonly string[]): void {
  for (const path of paths) chownSync(path, unprivileged.uid, unprivileged.gid)
}
