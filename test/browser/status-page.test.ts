/** The status page in a real browser, against a real queue. */
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CaesError } from '../../src/core/errors.js'
import { createAuth } from '../../src/http/auth.js'
import { openBrowser, browserLimitMs } from '../support/browser.js'
import { daemonFixture, pairName, quietResult, type DaemonFixture } from '../support/daemon/fixture.js'
import { until } from '../support/eventually.js'
import { passwordOf, testUsers } from '../support/http-users.js'
import { openPathProxy } from '../support/path-proxy.js'

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const limit = { timeout: 30_000 }

let browser: Browser
let daemon: DaemonFixture
let broken: boolean
let url: string
const pages: Page[] = []

beforeAll(async () => {
  browser = await openBrowser()
}, browserLimitMs)
afterAll(() => browser?.close())

/** A pair with one failed window, which goes through once it is mended and retried. */
beforeEach(async () => {
  daemon = await daemonFixture()
  broken = true
  await daemon.scheduler({ attempts: 1 })
  await daemon.worker(async (pair, window) => {
    if (broken && window.from === daemon.checkpoints.history[0]?.progress.watermark) {
      throw new CaesError('CAES_ELASTICSEARCH_REFUSED', 'the index is closed', { hint: 'open it' })
    }
    return quietResult(pair, window)
  })
  url = (await daemon.dashboard()).url
  await until('a window fails', () => daemon.jobIn('failed'))
})
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close()
  await daemon.close()
})

const open = async (options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> => {
  const page = await browser.newPage(options)
  pages.push(page)
  await page.goto(url)
  await page.getByRole('heading', { level: 1 }).waitFor(limit)
  return page
}
const heading = (page: Page, text: string): Promise<void> =>
  page.getByRole('heading', { level: 1, name: text }).waitFor(limit)

describe('in a browser', () => {
  it('a failed window is found and retried, and the page says by itself that all is well again', async () => {
    const page = await open()
    await heading(page, 'Stalled, 1 window failed')
    const row = page.getByRole('row').filter({ hasText: 'the index is closed' })
    expect(await row.innerText()).toContain('open it')
    broken = false
    await row.getByRole('button', { name: /^Retry/ }).click()
    await page.getByText('1 window handed to the workers.').waitFor(limit)
    await heading(page, 'In sync')
    expect(await page.title()).toMatch(/^In sync/)
    expect(await page.locator('#announcement').textContent()).toBe('In sync')
  })

  it('a pair is paused and resumed with the keyboard alone, without a script as well', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const page = await open({ javaScriptEnabled })
      const press = async (name: string): Promise<void> => {
        const button = page.getByRole('button', { name })
        for (let tabs = 0; tabs < 100; tabs += 1) {
          await page.keyboard.press('Tab')
          if (await button.evaluate((element) => element.matches(':focus'))) break
        }
        await page.keyboard.press('Enter')
      }
      await press(`Pause ${pairName}`)
      await page.getByText('Paused. Windows that are under way end').waitFor(limit)
      expect(await daemon.pauses.read(pairName)).toBeDefined()
      await until('the page shows it', async () => {
        if (!javaScriptEnabled) await page.reload()
        return page.getByRole('button', { name: `Resume ${pairName}` }).isVisible()
      })
      await press(`Resume ${pairName}`)
      await page.getByText('Resumed. It goes on').waitFor(limit)
      expect(await daemon.pauses.read(pairName)).toBeUndefined()
    }
  })

  it('the focus stays where it is while the page is brought up to date', async () => {
    const page = await open()
    // Each window that ends changes the strip, and so replaces it; the newest of its cells stays in it for long.
    const id = await page.locator('.strip a').last().getAttribute('id')
    const cell = page.locator(`[id="${id}"]`)
    await cell.focus()
    await page.evaluate(`document.querySelector('#windows-default').setAttribute('data-old', '')`)
    await page.locator('#windows-default[data-old]').waitFor({ state: 'detached', ...limit })
    expect(await cell.evaluate((element) => element.matches(':focus'))).toBe(true)
  })

  it('a viewer looks at everything below the path of a proxy, has no buttons to press, and logs out', async () => {
    const auth = createAuth({ users: await testUsers(), behindProxy: true, logger: daemon.logger })
    const dashboard = await daemon.dashboard({}, { auth, metrics: auth.check })
    const proxy = await openPathProxy(dashboard.url, '/caes')
    try {
      const page = await browser.newPage({ bypassCSP: true })
      pages.push(page)
      const logIn = async (): Promise<void> => {
        await page.getByLabel('Name').fill('viewer')
        await page.getByLabel('Password').fill(passwordOf('viewer'))
        await page.getByRole('button', { name: 'Log in' }).click()
      }
      await page.goto(`${proxy.url}board/queue/windows?status=failed`)
      await logIn()
      // Where it was led away from. The board knows its own place, so that its scripts, styles and data come.
      await page.getByText('CAES_ELASTICSEARCH_REFUSED').first().waitFor(limit)
      expect(await page.getByRole('button', { name: /retry|remove|pause|clean/i }).count()).toBe(0)
      await page.locator('header button').last().click()
      await page.getByText('Status', { exact: true }).click()
      await heading(page, 'Stalled, 1 window failed')
      expect(page.url()).toBe(proxy.url)
      expect(await page.getByRole('button').allInnerTexts()).toEqual(['Log out'])
      await page.getByRole('button', { name: 'Log out' }).click()
      await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor(limit)
      expect(page.url()).toBe(`${proxy.url}login`)
      await page.addScriptTag({ path: axe })
      const { violations } = await page.evaluate<AxeResults>('axe.run()')
      expect(violations.map(({ id }) => id)).toEqual([])
    } finally {
      await proxy.close()
    }
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [380, 1280]) {
      it(`nothing keeps anybody from using it, ${colorScheme}, ${width} wide`, async () => {
        const page = await open({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true })
        await page.addScriptTag({ path: axe })
        const { violations } = await page.evaluate<AxeResults>('axe.run()')
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
        // Nothing has to be scrolled sideways.
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      })
    }
  }
})
