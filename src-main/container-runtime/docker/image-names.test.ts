import { describe, expect, it } from 'vitest'
import type { ImageCatalogue } from '../../common/images/catalogue.ts'
import type { EngineImage } from './engine-types.ts'
import { computeImageNames, computePublicName, isListed, type UsedImage } from './image-names.ts'

const NGINX = 'node-lab.invalid/nginx:1'
const ETCD = 'node-lab.invalid/etcd:1'
const CATALOGUE: ImageCatalogue = {
  enabled: true,
  images: [
    {
      ...{ reference: NGINX, title: 'nginx', repositories: ['nginx'], tagPattern: 'latest|1\\..*' },
      listedNames: ['docker.io/library/nginx:latest', 'docker.io/library/nginx:1.26.3'],
    },
    {
      ...{ reference: ETCD, title: 'etcd', repositories: ['registry.k8s.io/etcd'], tagPattern: '3.*' },
      listedNames: [],
    },
  ],
}

function anImage(change: Partial<EngineImage> = {}): EngineImage {
  return { Id: 'sha256:a', RepoTags: ['node-lab.invalid/nginx:0'], RepoDigests: [], Size: 1, ...change }
}

/** The names that a node lists it under; `undefined` when it does not. */
function list(image: EngineImage, used: UsedImage[] = [], catalogue = CATALOGUE): string[] | undefined {
  const names = computeImageNames(image, catalogue, used)
  return isListed(image, names, used) ? [...names.repoTags, ...names.repoDigests] : undefined
}

describe('given an image of the catalogue', () => {
  it('when it is listed, then under its public names, and those by which pods of the node use it', () => {
    const used = ['nginx', 'nginx:1.27', 'nginx:none', 'redis'].map((name) => ({ id: 'sha256:a', name }))
    expect(list(anImage({ RepoTags: [NGINX] }), used)).toEqual([
      'docker.io/library/nginx:latest',
      'docker.io/library/nginx:1.26.3',
      'docker.io/library/nginx:1.27',
    ])
    expect(computePublicName(NGINX, CATALOGUE)).toBe('docker.io/library/nginx:latest')
  })

  it('when it has no names of its own, then it is listed while a container uses it', () => {
    const etcd = anImage({ RepoTags: [ETCD] })
    expect(list(etcd)).toBeUndefined()
    expect(list(etcd, [{ id: etcd.Id, name: 'registry.k8s.io/etcd:3.5.16-0' }])).toEqual([
      'registry.k8s.io/etcd:3.5.16-0',
    ])
  })

  it('when the engine has it by a digest, too, then that is not shown', () => {
    const image = anImage({ RepoTags: [NGINX], RepoDigests: [`node-lab.invalid/nginx@sha256:${'a'.repeat(64)}`] })
    expect(computeImageNames(image, CATALOGUE, []).repoDigests).toEqual([])
  })
})

describe('given an image of Node Lab that is not in the catalogue', () => {
  it('when no pod uses it, then it is not listed, with a name or without', () => {
    expect(list(anImage())).toBeUndefined()
    expect(list(anImage({ RepoTags: [], Labels: { 'io.node-lab.image-inputs': '0' } }))).toBeUndefined()
  })

  it('when a pod uses it since before its name went to a newer one, then it is listed without a name', () => {
    expect(list(anImage(), [{ id: 'sha256:a', name: 'nginx:1.27' }])).toEqual([])
    expect(list(anImage(), [{ id: 'sha256:a' }])).toEqual([])
  })
})

describe('given an image that was pulled or made on this computer', () => {
  it('when it is listed, then under full names', () => {
    const digest = `sha256:${'b'.repeat(64)}`
    const image = anImage({ RepoTags: ['redis:7', 'quay.io/me/app:1'], RepoDigests: [`redis@${digest}`] })
    expect(list(image)).toEqual(['docker.io/library/redis:7', 'quay.io/me/app:1', `docker.io/library/redis@${digest}`])
    expect(list(anImage({ RepoTags: [] }))).toEqual([])
  })

  it('when the catalogue answers its name, then that name is not its own; with the catalogue off, it is', () => {
    const image = anImage({ RepoTags: ['nginx:latest', 'nginx:mine'] })
    expect(list(image)).toEqual(['docker.io/library/nginx:mine'])
    expect(list(image, [], { ...CATALOGUE, enabled: false })).toEqual([
      'docker.io/library/nginx:latest',
      'docker.io/library/nginx:mine',
    ])
  })
})
