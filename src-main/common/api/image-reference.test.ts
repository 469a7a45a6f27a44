import { describe, expect, it } from 'vitest'
import { applyDefaultImageTag, parseImageReference } from './image-reference.ts'

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`

describe('parseImageReference', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx', undefined, undefined],
    ['nginx:1.27', 'docker.io/library/nginx', '1.27', undefined],
    ['docker.io/nginx', 'docker.io/library/nginx', undefined, undefined],
    ['index.docker.io/library/nginx:x', 'docker.io/library/nginx', 'x', undefined],
    ['someone/tool', 'docker.io/someone/tool', undefined, undefined],
    ['registry.k8s.io/pause:3.10', 'registry.k8s.io/pause', '3.10', undefined],
    ['localhost/tool', 'localhost/tool', undefined, undefined],
    ['host:5000/a/b:t', 'host:5000/a/b', 't', undefined],
    [`nginx@${DIGEST}`, 'docker.io/library/nginx', undefined, DIGEST],
    [`nginx:1@${DIGEST}`, 'docker.io/library/nginx', '1', DIGEST],
  ])('given %s, when parsed, then its repository is %s', (image, repository, tag, digest) => {
    const parsed = parseImageReference(image)
    expect(parsed).toMatchObject({ ok: true, reference: { repository } })
    if (!parsed.ok) return
    expect(parsed.reference.tag).toBe(tag)
    expect(parsed.reference.digest).toBe(digest)
  })

  it.each([
    ['Bad:IMG:x', 'invalid reference format: repository name must be lowercase'],
    ['', 'invalid reference format'],
    [':tag', 'invalid reference format'],
    ['a b', 'invalid reference format'],
    ['nginx:', 'invalid reference format'],
    ['nginx:a:b', 'invalid reference format'],
    ['nginx@sha256:abc', 'invalid reference format'],
    [`nginx@md5:${'a'.repeat(32)}`, 'unsupported digest algorithm'],
    [`nginx@sha256:${'a'.repeat(63)}`, 'invalid checksum digest length'],
    ['a'.repeat(64), `invalid repository name (${'a'.repeat(64)}), cannot specify 64-byte hexadecimal strings`],
    ['a'.repeat(256), 'repository name must not be more than 255 characters'],
    ['a-'.repeat(100_000), 'repository name must not be more than 255 characters'],
  ])('given %j, when parsed, then it is refused in upstream words', (image, message) => {
    expect(parseImageReference(image)).toEqual({ ok: false, message })
  })
})

describe('applyDefaultImageTag', () => {
  it('given neither tag nor digest, then latest is added to the name as written', () => {
    expect(applyDefaultImageTag('nginx')).toEqual({ ok: true, image: 'nginx:latest' })
    expect(applyDefaultImageTag('nginx:1')).toEqual({ ok: true, image: 'nginx:1' })
    expect(applyDefaultImageTag(`nginx@${DIGEST}`)).toEqual({ ok: true, image: `nginx@${DIGEST}` })
  })

  it('given an upper case name, then the refusal reads as in the pod status of a real kubelet', () => {
    expect(applyDefaultImageTag('Bad:IMG:x')).toEqual({
      ok: false,
      message:
        'couldn\'t parse image reference "Bad:IMG:x": invalid reference format: repository name must be lowercase',
    })
  })
})
