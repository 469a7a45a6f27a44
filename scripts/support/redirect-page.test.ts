import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeRedirectPage } from './redirect-page.ts'

const folder = mkdtempSync(join(tmpdir(), 'node-lab-redirect-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('writeRedirectPage', () => {
  it('given a URL with a token, then only this user can read it, and its path says nothing', () => {
    const page = writeRedirectPage(folder, 'http://127.0.0.1:7474/#token=secret')
    expect(statSync(page.path).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(page.path)).mode & 0o777).toBe(0o700)
    expect(page.path).not.toContain('secret')
    expect(readFileSync(page.path, 'utf8')).toContain('location.replace("http://127.0.0.1:7474/#token=secret")')
    page.remove()
    expect(existsSync(dirname(page.path))).toBe(false)
  })

  it('given a URL that would end the script, then it cannot', () => {
    const page = writeRedirectPage(folder, 'http://x/</script><script>alert(1)</script>')
    expect(readFileSync(page.path, 'utf8').match(/<\/script>/g)).toHaveLength(1)
  })
})
