/**
 * Breaks the rules one by one, in copies of the code, and runs the tests that have to notice:
 *
 *   npm run mutants                     all of them; writes docs/mutants.md
 *   npm run mutants -- "no second look" one, by what it breaks; writes nothing
 *
 * Exit code 0 when every mutant was noticed, 1 when one was not or the tests are red without any, 2 for a name that no
 * mutant has.
 */
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join, relative, resolve } from 'node:path'
import type { Mutant } from './mutant.js'
import { mutants } from './mutants.js'

const root = resolve(import.meta.dirname, '../../..')
const tests = [
  'sync',
  'decide.test.ts',
  'divide.test.ts',
  'audit.test.ts',
  'uuid-map.test.ts',
  'label.test.ts',
  'look-back.test.ts',
  'version-sum.test.ts',
  'purge.test.ts',
  'concurrency.test.ts',
  'sketch.test.ts',
  'fields.test.ts',
  'record-digest.test.ts',
  'label-index.test.ts',
  'progress.test.ts',
  'breaker.test.ts',
  'gate.test.ts',
  'failed-attempt.test.ts',
  'stuck.test.ts',
  'pace.test.ts',
  'pair-status.test.ts',
  'daemon/store-watch.test.ts',
  'daemon/plan-audits.test.ts',
  'daemon/plan-windows.test.ts',
  'daemon/planner.test.ts',
  'daemon/run-steps.test.ts',
  'outrun.test.ts',
  'full-audit.test.ts',
  'run.test.ts',
  'daemon/acknowledge-window.test.ts',
].map((name) => `test/unit/${name}`)
/** A mutant that never ends was noticed as well: one that takes so many times as long as the tests do without it. */
const limitFactor = 5
const leastLimitMs = 120_000
/** For the tests themselves, which end. */
const baselineLimitMs = 1_200_000

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** A copy to break, with the dependencies of the original. */
const copyOfCode = (): string => {
  const copy = mkdtempSync(join(tmpdir(), 'caes-mutants-'))
  // Some tests read the documentation.
  for (const name of ['src', 'test', 'docs', 'package.json', 'vitest.config.ts', 'tsconfig.json']) {
    cpSync(join(root, name), join(copy, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

const run = (copy: string, output: string, limitMs: number, files: readonly string[]): Promise<boolean> =>
  new Promise((done, fail) => {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const args = [
      vitest,
      'run',
      '--project',
      'unit',
      '--bail',
      '1',
      '--reporter=json',
      `--outputFile=${output}`,
      ...files,
    ]
    const child = spawn(process.execPath, args, { cwd: copy, stdio: 'ignore' })
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
    child.once('error', fail)
    child.once('exit', (_, signal) => {
      clearTimeout(timer)
      done(signal === null)
    })
  })

/** The first test of these files that went red, or undefined when all stayed green. */
const killer = async (copy: string, limitMs: number, files = tests): Promise<string | undefined> => {
  const output = join(copy, 'report.json')
  rmSync(output, { force: true })
  if (!(await run(copy, output, limitMs, files))) return `no end within ${Math.round(limitMs / 1_000)} s`
  const { testResults } = JSON.parse(readFileSync(output, 'utf8')) as Report
  for (const { name, status: outcome, assertionResults } of testResults) {
    const red = assertionResults.find(({ status }) => status === 'failed')
    const file = `\`${relative(join(copy, 'test/unit'), name).replace('.test.ts', '')}\``
    if (red !== undefined) return `${file} › ${red.fullName}`
    if (outcome === 'failed') return `${file} › cannot be loaded`
  }
  return undefined
}

/** The files whose tests noticed a mutant the last time: mostly they do again, and all others need not run. */
const knownKillers = (page: string): ReadonlyMap<string, string> =>
  new Map(
    [...page.matchAll(/^\| (.+?) \| `[^|]+ \| `([^`]+)` › /gm)].map(([, breaks, file]) => [
      breaks!,
      `test/unit/${file}.test.ts`,
    ]),
  )

/** The file to ask first: the one that noticed it the last time, or else the one that is named like what is broken. */
const likelyKiller = ({ breaks, edits }: Mutant, known: ReadonlyMap<string, string>): string | undefined => {
  const name = basename(edits[0]!.file, '.ts')
  const named = ['', 'sync/', 'daemon/'].map((folder) => `test/unit/${folder}${name}.test.ts`)
  return [known.get(breaks) ?? '', ...named].find(
    (file) => tests.some((each) => file.startsWith(each)) && existsSync(join(root, file)),
  )
}

const tryMutant = async (
  copy: string,
  mutant: Mutant,
  limitMs: number,
  known: ReadonlyMap<string, string>,
): Promise<string | undefined> => {
  const { edits } = mutant
  const originals = new Map<string, string>()
  try {
    for (const { file, find, put } of edits) {
      const path = join(copy, 'src', file)
      const text = readFileSync(path, 'utf8')
      if (!originals.has(path)) originals.set(path, text)
      writeFileSync(
        path,
        text.replace(find, () => put),
      )
    }
    const first = likelyKiller(mutant, known)
    return (first === undefined ? undefined : await killer(copy, limitMs, [first])) ?? (await killer(copy, limitMs))
  } finally {
    for (const [path, text] of originals) writeFileSync(path, text)
  }
}

const document = (killers: ReadonlyMap<Mutant, string>): string => {
  const sections = Object.entries(mutants).map(([title, list]) => {
    const rows = list.map((mutant) => {
      const files = [...new Set(mutant.edits.map(({ file }) => `\`${file}\``))].join(' ')
      return `| ${mutant.breaks} | ${files} | ${(killers.get(mutant) ?? '').replaceAll('|', '\\|')} |`
    })
    return [`## ${title}`, '', '| what was broken | in | went red |', '|---|---|---|', ...rows, ''].join('\n')
  })
  return `${introduction}\n${sections.join('\n')}`
}

const introduction = `# Mutants: what goes red when a rule is broken

Each line is one change that breaks a rule of the decision or of the sync on purpose, and the first of the unit tests that noticed. It shows that the
tests can fail, and where to look when one does. The changes stand in [test/mutation/rules](../test/mutation/rules); this page is written by

\`\`\`
npm run mutants
\`\`\`

which makes them one by one in copies of the code, where the tests were green before, and fails if one goes unnoticed. Such a change is either harmless, and then the code can be simpler, or it is missing a test.
`

const page = join(root, 'docs/mutants.md')
const known = knownKillers(readFileSync(page, 'utf8'))
const wanted = process.argv.slice(2)
const all = Object.values(mutants).flat()
const chosen = wanted.length === 0 ? all : all.filter(({ breaks }) => wanted.includes(breaks))
if (chosen.length === 0) {
  console.error(`no mutant breaks "${wanted.join('", "')}"`)
  process.exit(2)
}
const killers = new Map<Mutant, string>()
const queue = [...chosen]
let redBefore: string | undefined
const worker = async (): Promise<void> => {
  const copy = copyOfCode()
  try {
    // Tests that are red anyway would notice everything.
    const began = performance.now()
    const red = await killer(copy, baselineLimitMs)
    const limitMs = Math.max(leastLimitMs, limitFactor * (performance.now() - began))
    if (red !== undefined) {
      redBefore = red
      return
    }
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const killed = await tryMutant(copy, next, limitMs, known)
      if (killed !== undefined) killers.set(next, killed)
      console.log(
        `${killed === undefined ? 'UNNOTICED' : 'noticed'}  ${next.breaks}${killed === undefined ? '' : `: ${killed}`}`,
      )
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
await Promise.all(Array.from({ length: Math.min(availableParallelism(), chosen.length) }, worker))
if (redBefore !== undefined) console.error(`red before anything was broken: ${redBefore}`)
console.log(`${killers.size} of ${chosen.length} mutants were noticed`)
if (killers.size < chosen.length) process.exitCode = 1
else if (wanted.length === 0) writeFileSync(page, document(killers))
