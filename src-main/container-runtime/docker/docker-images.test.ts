import { describe, expect, it } from 'vitest'
import { toCriImage } from './docker-images.ts'

describe('toCriImage', () => {
  it.each([
    [undefined, { username: '' }],
    ['', { username: '' }],
    ['1000', { uid: 1000n, username: '' }],
    ['0:0', { uid: 0n, username: '' }],
    ['nginx', { username: 'nginx' }],
    ['nginx:www', { username: 'nginx' }],
  ])('given the user %j of an image, then a numeric one is an uid and another a name', (User, expected) => {
    const image = {
      Id: 'sha256:x',
      RepoTags: null,
      RepoDigests: null,
      Size: 5,
      Config: { ...(User === undefined ? {} : { User }) },
    }
    expect(toCriImage(image, { repoTags: [], repoDigests: [] })).toEqual({
      id: 'sha256:x',
      repoTags: [],
      repoDigests: [],
      size: 5n,
      ...expected,
    })
  })
})
