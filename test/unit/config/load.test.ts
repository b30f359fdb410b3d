import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.js'
import { candidates } from '../../../src/config/lookup.js'
import { firstPair, minimal } from './support.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caes-config-'))
})
afterEach(() => rm(folder, { recursive: true }))

const put = async (name: string, text: string | Uint8Array = minimal()): Promise<string> => {
  const file = join(folder, name)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
  return file
}

const places = (more: { path?: string; env?: Record<string, string> } = {}) => ({
  env: {},
  cwd: join(folder, 'work'),
  home: join(folder, 'home'),
  ...more,
})

describe('where the configuration is found', () => {
  test('the places are looked at in their documented order', () => {
    expect(candidates({ env: {}, cwd: '/w', home: '/h' })).toEqual([
      '/w/caes-sync.yaml',
      '/h/.caes/config.yaml',
      '/etc/caes/config.yaml',
    ])
    expect(candidates({ env: { CAES_CONFIG: 'e.yaml' }, cwd: '/w', home: '/h' })).toEqual(['/w/e.yaml'])
    expect(candidates({ path: '/x.yaml', env: { CAES_CONFIG: 'e.yaml' }, cwd: '/w', home: '/h' })).toEqual(['/x.yaml'])
    expect(candidates({ env: { CAES_CONFIG: '' }, cwd: '/w', home: '/h' })).toHaveLength(3)
  })

  test('the working folder goes before the home folder', async () => {
    const second = await put('home/.caes/config.yaml')
    expect((await loadConfig(places())).source).toBe(second)
    const first = await put('work/caes-sync.yaml')
    expect((await loadConfig(places())).source).toBe(first)
  })

  test('a named file that does not exist is not replaced by another', async () => {
    await put('work/caes-sync.yaml')
    await expect(loadConfig(places({ path: 'nowhere.yaml' }))).rejects.toMatchObject({
      code: 'CAES_CONFIG_NOT_FOUND',
      exitCode: 78,
      message: `no configuration found; looked at ${join(folder, 'work', 'nowhere.yaml')} (from --config)`,
    })
    await expect(loadConfig(places({ env: { CAES_CONFIG: '/nowhere.yaml' } }))).rejects.toMatchObject({
      code: 'CAES_CONFIG_NOT_FOUND',
      message: 'no configuration found; looked at /nowhere.yaml (from CAES_CONFIG)',
    })
  })

  test('a file that cannot be read says why', async () => {
    await mkdir(join(folder, 'work', 'caes-sync.yaml'), { recursive: true })
    await expect(loadConfig(places())).rejects.toMatchObject({
      code: 'CAES_CONFIG_NOT_FOUND',
      message: expect.stringContaining('cannot be read: it is a directory') as string,
    })
  })

  test('a byte order mark is no part of the text, and other encodings are refused', async () => {
    const marked = await put('bom.yaml', `\uFEFF${minimal('x: 1')}`)
    await expect(loadConfig(places({ path: marked }))).rejects.toMatchObject({ where: `${marked}:7:1` })
    const latin = await put('latin.yaml', Buffer.from('index: caf\xe9\n', 'latin1'))
    await expect(loadConfig(places({ path: latin }))).rejects.toMatchObject({
      code: 'CAES_CONFIG_SYNTAX',
      message: `${latin}: the file is not UTF-8 text`,
    })
  })
})

describe('secrets in files', () => {
  const text = minimal(
    'redis: {url: {file: redis.url}}',
    'http:',
    '  users:',
    '  - {name: a, role: admin, password: {file: pw}}',
  ).replace('index: stream', 'index: stream\n  driver: {http_auth: [caes, {file: sub/pw}]}')

  test('are read relative to the configuration, without the last line break', async () => {
    const path = await put('conf/caes.yaml', text)
    await put('conf/redis.url', 'redis://:x@cache:6379\r\n')
    await put('conf/pw', '0123\n')
    await put('conf/sub/pw', ' two \n\n')
    const config = await loadConfig(places({ path }))
    expect(config.redis.url).toBe('redis://:x@cache:6379')
    expect(config.http.users).toEqual([{ name: 'a', role: 'admin', password: '0123' }])
    expect(firstPair(config).elasticsearch.connection.auth).toEqual({ username: 'caes', password: ' two \n' })
  })

  test('that are missing or empty are problems at their place, each told once', async () => {
    const path = await put('conf/caes.yaml', text)
    await put('conf/pw', '\n')
    const error: unknown = await loadConfig(places({ path })).catch((thrown: unknown) => thrown)
    const baseDir = join(folder, 'conf')
    expect((error as Error).message.split('\n').filter((line) => line.includes('secret file'))).toEqual([
      `${path}:4:37: ElasticSearchConfig.driver.http_auth[1]: the secret file "sub/pw" cannot be read (ENOENT); try a readable file; relative paths start at ${baseDir}`,
      `${path}:8:21: redis.url: the secret file "redis.url" cannot be read (ENOENT); try a readable file; relative paths start at ${baseDir}`,
      `${path}:11:45: http.users[0].password: the secret file "pw" is empty`,
    ])
    expect((error as Error).message).not.toContain('is missing')
  })

  test('are not read for a key that holds no secret', async () => {
    const path = await put('conf/caes.yaml', minimal().replace('keyspace: logs', 'keyspace: {file: pw}'))
    await put('conf/pw', 'logs')
    await expect(loadConfig(places({ path }))).rejects.toMatchObject({
      message: `${path}:5:13: CassandraConfig.keyspace must be text, got a block of keys`,
    })
  })
})
