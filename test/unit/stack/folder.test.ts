import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chooseFolder, closedParent, makeFolder } from '../../../stack/folder.js'
import { temporaryFolder } from './temporary-folder.js'

const modes = (closed: readonly string[]) => (path: string) => (closed.includes(path) ? 0o40700 : 0o40755)
const machine = (isRoot: boolean, ...closed: string[]) => ({ isRoot, modeOf: modes(closed), tmp: '/tmp' })

test('the outermost folder that is closed to others is found', () => {
  expect(closedParent('/closed/a/b', modes(['/closed', '/closed/a']))).toBe('/closed')
  expect(closedParent('/srv/a/b', modes([]))).toBeUndefined()
})

test('a folder that does not exist yet closes nothing', () => {
  expect(closedParent('/srv/new', (path) => (path === '/srv/new' ? undefined : 0o40755))).toBeUndefined()
})

test('the stack lives in the project', () => {
  expect(chooseFolder(undefined, '/srv/project', machine(true))).toEqual({ path: '/srv/project/.stack' })
})

test('a closed project is no obstacle for a user who runs the servers himself', () => {
  expect(chooseFolder(undefined, '/home/me/project', machine(false, '/home/me'))).toEqual({
    path: '/home/me/project/.stack',
  })
})

test('root in a closed project gets a folder in the temporary one, the same for the same project, and is told why', () => {
  const first = chooseFolder(undefined, '/closed/project', machine(true, '/closed'))
  expect(first.path).toMatch(/^\/tmp\/caes-sync-stack-[0-9a-f]{12}$/)
  expect(first.moved).toContain('/closed')
  expect(chooseFolder(undefined, '/closed/project', machine(true, '/closed')).path).toBe(first.path)
  expect(chooseFolder(undefined, '/closed/other', machine(true, '/closed')).path).not.toBe(first.path)
})

test('a closed folder that the user named is an error that says what to do', () => {
  expect(() => chooseFolder('/closed/x', '/srv/project', machine(true, '/closed'))).toThrow(
    expect.objectContaining({ code: 'CAES_STACK', hint: expect.stringContaining('CAES_STACK_DIR') }),
  )
})

test('a folder that is a link is refused, since its name can be foreseen', () => {
  const folder = temporaryFolder()
  symlinkSync(folder, join(folder, 'link'))
  expect(() => makeFolder(join(folder, 'link'))).toThrow(/belongs to somebody else/)
})
