import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  chooseJvm,
  type JavaNeed,
  javaForElasticsearch,
  type Jvm,
  parseRelease,
  requireJava,
} from '../../../stack/java.js'
import { temporaryFolder } from './temporary-folder.js'

const jvm = (version: string): Jvm => ({ home: `/jvm/${version}`, version, major: Number(version.split('.')[0]) })
const need: JavaNeed = { who: 'Elasticsearch 9.5.0', atLeast: 21, variable: 'ES_JAVA_HOME', byOtherUser: false }

function install(folder: string, version: string): string {
  const home = join(folder, `java-${version}`)
  mkdirSync(join(home, 'bin'), { recursive: true })
  writeFileSync(join(home, 'bin', 'java'), '')
  writeFileSync(join(home, 'release'), `IMPLEMENTOR="Some"\nJAVA_VERSION="${version}"\n`)
  return home
}

test.each([
  ['JAVA_VERSION="17.0.15"', 17],
  ['IMPLEMENTOR="X"\nJAVA_VERSION="25.0.3"\nOS_NAME="Linux"', 25],
  ['JAVA_VERSION="21"', 21],
  ['JAVA_VERSION="1.8.0_402"', 8],
  ['JAVA_VERSION="24-ea"', 24],
])('the major version of %j is %i', (release, major) => {
  expect(parseRelease(release)?.major).toBe(major)
})

test('a release file without a version is no Java', () => {
  expect(parseRelease('OS_NAME="Linux"')).toBeUndefined()
})

test('the lowest version that is new enough is chosen, and of that one the newest', () => {
  const found = [jvm('17.0.15'), jvm('25.0.3'), jvm('21.0.2'), jvm('21.0.10')]
  expect(chooseJvm(found, { atLeast: 21 })?.version).toBe('21.0.10')
})

test('a Java that is too new is not taken where a server refuses it', () => {
  expect(chooseJvm([jvm('25.0.3'), jvm('17.0.15')], { atLeast: 17, atMost: 17 })?.version).toBe('17.0.15')
  expect(chooseJvm([jvm('25.0.3'), jvm('11.0.2')], { atLeast: 17, atMost: 17 })).toBeUndefined()
})

test('Elasticsearch 9 needs Java 21, Elasticsearch 8 runs on 17', () => {
  expect(javaForElasticsearch('9.5.0').atLeast).toBe(21)
  expect(javaForElasticsearch('8.19.0').atLeast).toBe(17)
})

test('the usual folders are searched, and a folder without a Java in it is passed over', () => {
  const folder = temporaryFolder()
  const candidates = [join(folder, 'nothing'), install(folder, '17.0.1'), install(folder, '25.0.1')]
  expect(requireJava(need, {}, candidates).version).toBe('25.0.1')
})

test('the named Java is taken even where others would fit', () => {
  const folder = temporaryFolder()
  const named = install(folder, '22.0.1')
  expect(requireJava(need, { ES_JAVA_HOME: named }, [install(folder, '21.0.1')]).home).toBe(named)
})

test('a named Java that is too old is an error that says so', () => {
  const named = install(temporaryFolder(), '17.0.1')
  expect(() => requireJava(need, { ES_JAVA_HOME: named }, [])).toThrow(
    /ES_JAVA_HOME is Java 17\.0\.1; Elasticsearch 9\.5\.0 needs Java 21 or newer/,
  )
})

test('when none fits the error says what is needed, what was found and what to set', () => {
  const home = install(temporaryFolder(), '17.0.1')
  expect(() => requireJava(need, {}, [home])).toThrow(
    expect.objectContaining({
      code: 'CAES_STACK',
      message: `Elasticsearch 9.5.0 needs Java 21 or newer; found: 17.0.1 in ${home}`,
      hint: expect.stringContaining('set ES_JAVA_HOME'),
    }),
  )
})
