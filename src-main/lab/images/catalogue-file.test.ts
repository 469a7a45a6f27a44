import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveCatalogueImage } from '../../common/images/resolve-catalogue-image.ts'
import { computeCatalogue, parseCatalogueFile } from './catalogue-file.ts'
import { findProductFolder } from './product-folder.ts'

const text = readFileSync(join(findProductFolder(), 'resources/images/catalogue.yaml'), 'utf8')
const images = new Map(
  ['busybox', 'nginx', 'pause'].map((name) => [name, { reference: `node-lab.invalid/${name}:1`, version: '9.9' }]),
)
const catalogue = computeCatalogue(parseCatalogueFile(text), images)

function answer(image: string): string | undefined {
  return resolveCatalogueImage(catalogue, image)?.reference
}

describe("the product's catalogue", () => {
  it.each([
    ['nginx', 'nginx'],
    ['nginx:latest', 'nginx'],
    ['nginx:1.27', 'nginx'],
    ['nginx:1.27.3-alpine', 'nginx'],
    ['nginx:alpine', 'nginx'],
    ['nginx:1.14.2', 'nginx'],
    ['nginx:stable-alpine', 'nginx'],
    ['docker.io/library/nginx:1.25', 'nginx'],
    ['busybox', 'busybox'],
    ['busybox:1.36', 'busybox'],
    ['busybox:1.28', 'busybox'],
    ['busybox:1.36.1-glibc', 'busybox'],
    ['registry.k8s.io/pause:3.10', 'pause'],
    ['registry.k8s.io/pause:3.10.1', 'pause'],
    ['k8s.gcr.io/pause:3.2', 'pause'],
  ])('given %s, then %s answers', (name, expected) => {
    expect(answer(name)).toBe(`node-lab.invalid/${expected}:1`)
  })

  it.each([
    'nginx:doesnotexist',
    'nginx:v1',
    'nginx:2.0',
    'nginx:latestt',
    'busybox:v1.36',
    'busybox:doesnotexist',
    'busybox:99',
    'someone/nginx',
    'pause',
    'redis',
  ])('given %s, then none answers', (name) => {
    expect(answer(name)).toBeUndefined()
  })

  it('given the version of what is inside, then the title says it', () => {
    expect(catalogue.images.map(({ title }) => title)).toContain('nginx 9.9 (Debian)')
  })
})

describe('the names of the list', () => {
  const listed = catalogue.images.flatMap(({ listedNames }) => listedNames)

  it('given an image with a version, then it is in them', () => {
    expect(listed).toContain('docker.io/library/nginx:9.9')
  })

  it.each(['busybox', 'nginx', 'pause'])('then those of %s are names that it answers to', (name) => {
    const reference = `node-lab.invalid/${name}:1`
    const own = catalogue.images.find((image) => image.reference === reference)?.listedNames ?? []
    expect(own.length).toBeGreaterThan(0)
    expect(new Set(own.filter((one) => !one.endsWith(':9.9')).map(answer))).toEqual(new Set([reference]))
  })
})

it.each(['', 'images: 3', 'images: [{image: a}]'])(
  'given a catalogue of wrong form (%j), then it is refused or empty',
  (broken) => {
    if (broken === '') expect(parseCatalogueFile(broken)).toEqual([])
    else expect(() => parseCatalogueFile(broken)).toThrow(/wrong form/)
  },
)
