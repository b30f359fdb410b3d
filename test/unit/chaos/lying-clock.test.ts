import { spawn } from 'node:child_process'
import { expect, it } from 'vitest'
import { lyingClock } from '../../chaos/support/lying-clock.js'
import { until } from '../../support/eventually.js'

it('a process has a wall clock that is wrong, until it is told to set it right', async () => {
  const script = `
    const tell = () => console.log(JSON.stringify([Date.now(), new Date().getTime(), new Date(5).getTime()]))
    process.on('SIGUSR2', () => setTimeout(tell))
    tell()
    setInterval(() => 0, 1_000)`
  const before = Date.now()
  const child = spawn(process.execPath, ['-e', script], {
    env: { ...process.env, ...lyingClock(3_600_000) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    let text = ''
    child.stdout.on('data', (data: Buffer) => (text += data.toString()))
    const line = async (index: number): Promise<number[]> =>
      JSON.parse(await until('it tells the time', () => text.split('\n').slice(0, -1)[index], 20_000)) as number[]
    const [now, fresh, given] = await line(0)
    expect(now).toBeGreaterThanOrEqual(before + 3_600_000)
    expect(fresh! - now!).toBeLessThan(60_000)
    expect(given).toBe(5)
    child.kill('SIGUSR2')
    const [right] = await line(1)
    expect(right! - before).toBeLessThan(3_600_000)
  } finally {
    child.kill('SIGKILL')
  }
})
