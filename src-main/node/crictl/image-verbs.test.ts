import { describe, expect, it } from 'vitest'
import { setUpCrictl } from './testing/set-up-crictl.ts'

describe('given images', () => {
  it('when they are listed, inspected, pulled and removed, then as cri-tools does it', async () => {
    const { crictl } = await setUpCrictl()
    expect((await crictl('images')).out.split('\n')[0]?.split(/ {2,}/)).toEqual(['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'])
    expect((await crictl('img', 'nginx')).out.split('\n')).toHaveLength(2)
    expect((await crictl('images', '-f', 'reference=busy', '-q')).out).toMatch(/^sha256:\w+\n$/)
    expect((await crictl('images', '--digests', '--pinned')).out).toContain('<none>')
    const id = (await crictl('images', '-q')).out.trim()
    expect(JSON.parse((await crictl('inspecti', id.slice(7, 20))).out)).toMatchObject({ status: { id } })
    expect((await crictl('inspecti', 'nginx')).err).toContain('no such image "nginx" present')
    expect((await crictl('pull', 'busybox:1.36')).out).toBe(`Image is up to date for ${id}\n`)
    expect((await crictl('pull', 'no/such')).err).toContain('pulling image: rpc error: code = NotFound')
    expect((await crictl('rmi', '--prune')).err).toContain('No images to remove')
    expect((await crictl('rmi', 'nginx')).err).toContain('no such image nginx')
    expect((await crictl('rmi', 'busybox:1.36')).out).toContain('Deleted: ')
    expect((await crictl('images', '-q')).out).toBe('')
    expect(JSON.parse((await crictl('imagefsinfo')).out)).toMatchObject({ status: { imageFilesystems: [{}] } })
  })
})
