import { appendFileSync } from 'node:fs'
import type { Reporter, TestModule, Vitest } from 'vitest/node'

/**
 * Ends every run with the line that scripts read: `N passed, N failed`. A file that cannot be loaded is a failure.
 * CAES_TEST_SUMMARY names a file to append the line to, for a script that adds several runs up.
 */
export default class SummaryReporter implements Reporter {
  #filtered = false

  onInit(vitest: Vitest): void {
    this.#filtered = vitest.config.testNamePattern !== undefined
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0
    let failed = unhandledErrors.length
    for (const module of modules) {
      failed += module.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed += 1
        // A skipped test proves nothing: it counts as a failure, unless it was the reader who chose others.
        else if (state !== 'skipped' || !this.#filtered) failed += 1
      }
    }
    const line = `${passed} passed, ${failed} failed\n`
    process.stdout.write(`\n${line}`)
    const summary = process.env['CAES_TEST_SUMMARY'] ?? ''
    if (summary !== '') appendFileSync(summary, line)
  }
}
