/** What the servers of this project cannot give: tokens, API keys, cloud ids, bundles. What is sent is looked at instead. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { connectElasticsearch } from '../../src/adapters/elasticsearch/client.js'
import { parseConfig } from '../../src/config/load.js'
import { elasticsearchOptions } from '../../src/connection-options.js'
import { caesSync, configFile } from '../support/cli.js'
import { openLine } from '../support/tcp-line.js'
import { idsOf } from '../support/ids.js'
import { zip } from '../support/zip.js'
import { openSecurePair, sheet } from './support.js'

interface Seen {
  readonly headers: IncomingHttpHeaders
  readonly client: string | undefined
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** Answers everything with one body, and only to who shows a certificate. */
const openHttps = async (body: object): Promise<{ readonly port: number; readonly seen: Seen[] }> => {
  const { server: own, ca } = sheet().certificates
  const tls = { cert: readFileSync(own.cert), key: readFileSync(own.key), ca: readFileSync(ca.cert) }
  const seen: Seen[] = []
  const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true }, (request, response) => {
    const client = (request.socket as TLSSocket).getPeerCertificate().subject?.CN
    seen.push({ headers: request.headers, client: Array.isArray(client) ? client[0] : client })
    response.writeHead(200, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' })
    response.end(JSON.stringify(body))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, seen }
}

/** The connection as the configuration describes it. */
const clientFor = async (driver: object) => {
  const { ca, client } = sheet().certificates
  const config = await parseConfig({
    text: JSON.stringify({
      interval: 1,
      ElasticSearchConfig: {
        index: 'stream',
        driver: { ca_certs: ca.cert, client_cert: client.cert, client_key: client.key, ...driver },
      },
      CassandraConfig: { keyspace: 'k', dataColumnFamily: 'd' },
    }),
    env: {},
    baseDir: '/',
    home: '/',
  })
  const opened = connectElasticsearch(elasticsearchOptions(config.pairs[0]!.elasticsearch.connection))
  onTestFinished(() => opened.close())
  return opened
}

describe('Elasticsearch is shown', () => {
  const encoded = Buffer.from('id:key').toString('base64')
  test.each([
    ['user and password', { http_auth: ['ann', 'päss:w'] }, `Basic ${Buffer.from('ann:päss:w').toString('base64')}`],
    ['an API key', { api_key: ['id', 'key'] }, `ApiKey ${encoded}`],
    ['an encoded API key', { api_key: encoded }, `ApiKey ${encoded}`],
    ['a token', { bearer_auth: 'to.ke.n' }, 'Bearer to.ke.n'],
  ])('%s, and the certificate of the client', async (_, login, authorization) => {
    const { port, seen } = await openHttps({})
    const client = await clientFor({ hosts: [`https://127.0.0.1:${port}`], ...login })
    await client.indices.refresh({ index: 'stream' })
    // This one has a socket of its own.
    await client.closePointInTime({ id: 'view' })
    const shown = {
      headers: expect.objectContaining({ authorization }) as IncomingHttpHeaders,
      client: 'caes-sync stack client',
    }
    expect(seen).toEqual([shown, shown])
  })

  test('the same at the address of a cloud id', async () => {
    const { port, seen } = await openHttps({})
    // An id is the domain and the name in it; together they are 127.0.0.1 here.
    const cloudId = `mine:${Buffer.from(`0.0.1:${port}$127$kibana`).toString('base64')}`
    const client = await clientFor({ cloud_id: cloudId, api_key: encoded })
    await client.indices.refresh({ index: 'stream' })
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([`ApiKey ${encoded}`])
  })

  test('nothing where its certificate is not trusted', async () => {
    const { port, seen } = await openHttps({})
    const { cert } = sheet().certificates['other-ca']
    const client = await clientFor({ hosts: [`https://127.0.0.1:${port}`], bearer_auth: 'to.ke.n', ca_certs: cert })
    await expect(client.indices.refresh({ index: 'stream' })).rejects.toThrow('SELF_SIGNED_CERT_IN_CHAIN')
    await expect(client.closePointInTime({ id: 'view' })).rejects.toThrow('self-signed certificate')
    expect(seen).toEqual([])
  })
})

describe('a secure connect bundle', () => {
  const inFolder = (name: string, content: Buffer): string => {
    const folder = mkdtempSync(join(tmpdir(), 'caes-bundle-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const syncWith = async (config: string) => {
    const file = configFile(config)
    onTestFinished(() => file.remove())
    return caesSync(['sync', '--from', '0', '--to', '100', '-c', file.path])
  }

  test('leads to the real servers, by its addresses and its certificates alone', async () => {
    const pair = await openSecurePair()
    onTestFinished(() => pair.close())
    const { rows } = await pair.cassandra.execute('SELECT host_id FROM system.local')
    // In front of the nodes stands a proxy that looks at nothing but the name in the handshake.
    const proxy = await openLine('127.0.0.1', Number(/\d+$/.exec(sheet().cassandra)?.[0]))
    onTestFinished(() => proxy.close())
    const metadata = await openHttps({
      contact_info: {
        type: 'sni_proxy',
        local_dc: 'datacenter1',
        sni_proxy_address: `127.0.0.1:${proxy.port}`,
        contact_points: [String(rows[0]!['host_id'])],
      },
    })
    const { ca, client } = sheet().certificates
    const bundle = inFolder(
      'bundle.zip',
      zip({
        'config.json': JSON.stringify({ host: '127.0.0.1', port: metadata.port }),
        'ca.crt': readFileSync(ca.cert),
        cert: readFileSync(client.cert),
        key: readFileSync(client.key),
      }),
    )
    const [id] = idsOf(1, 'bundle') as [string]
    await pair.index(id, 10, { vint: 7 })
    const driver = {
      contact_points: null,
      port: null,
      ssl_options: null,
      cloud: { secure_connect_bundle: bundle },
    }
    expect(await syncWith(pair.config({ cassandra: driver }))).toMatchObject({ code: 0, stderr: '' })
    expect(await pair.row(id)).toEqual({ vint: 7, vstring: null })
    expect(metadata.seen.length).toBeGreaterThan(0)
  })

  test.each([
    ['is not there', '/nowhere/bundle.zip', /cannot read \/nowhere\/bundle\.zip: ENOENT/],
    ['is no zip', Buffer.from('nothing of the kind'), /the secure connect bundle cannot be used: .*zip/i],
    ['says nothing', zip({ readme: '' }), /the secure connect bundle cannot be used: Config file must be contained/],
  ])('that %s is a fault of the configuration', async (_, given, says) => {
    const bundle = typeof given === 'string' ? given : inFolder('bundle.zip', given)
    const { code, stderr } = await syncWith(
      JSON.stringify({
        interval: 1,
        ElasticSearchConfig: { index: 'stream' },
        CassandraConfig: {
          keyspace: 'k',
          dataColumnFamily: 'd',
          driver: { cloud: { secure_connect_bundle: bundle }, auth_provider: { username: 'u', password: 'hunter2' } },
        },
      }),
    )
    expect(stderr).toMatch(says)
    expect(stderr).not.toContain('hunter2')
    expect(code).toBe(78)
  })
})
