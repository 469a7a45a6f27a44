import { describe, expect, it } from 'vitest'
import type { CatalogueImage, ImageCatalogue } from './catalogue.ts'
import { resolveCatalogueImage } from './resolve-catalogue-image.ts'

const nginx: CatalogueImage = {
  reference: 'node-lab.invalid/nginx:1.26.3',
  title: 'nginx 1.26.3',
  repositories: ['nginx'],
  tagPattern: 'latest|stable|1(\\..*)?',
  listedNames: [],
}
const pause: CatalogueImage = {
  reference: 'node-lab.invalid/pause:1',
  title: 'pause',
  repositories: ['registry.k8s.io/pause', 'k8s.gcr.io/pause'],
  tagPattern: '.*',
  listedNames: [],
}
const catalogue: ImageCatalogue = { enabled: true, images: [nginx, pause] }

describe('resolveCatalogueImage', () => {
  it.each([
    ['nginx', nginx],
    ['nginx:latest', nginx],
    ['docker.io/library/nginx:1.27.0', nginx],
    ['library/nginx', nginx],
    ['registry.k8s.io/pause:3.10', pause],
    ['nginx:12', undefined],
    ['nginx:mylatest', undefined],
    ['someone/nginx', undefined],
    ['quay.io/library/nginx', undefined],
    [`nginx@sha256:${'a'.repeat(64)}`, undefined],
    [`nginx:latest@sha256:${'a'.repeat(64)}`, undefined],
    ['Bad:IMG:x', undefined],
  ])('given %s, then the whole repository and the whole tag decide', (image, expected) => {
    expect(resolveCatalogueImage(catalogue, image)).toBe(expected)
  })

  it('given a catalogue that is switched off, then nothing answers', () => {
    expect(resolveCatalogueImage({ ...catalogue, enabled: false }, 'nginx')).toBeUndefined()
  })
})
