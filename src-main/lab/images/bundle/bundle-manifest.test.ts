/** What a manifest and an image's configuration may not say. */
import { describe, expect, it } from 'vitest'
import { type BundleImage, type BundleManifest, parseManifest, serializeManifest } from './bundle-manifest.ts'
import { checkImageConfiguration } from './image-configuration.ts'

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`

const image: BundleImage = {
  reference: 'node-lab.invalid/node:0123456789ab',
  architecture: 'amd64',
  created: '2026-08-01T00:00:00.000Z',
  configuration: { digest: digest('a'), sizeBytes: 500 },
  layers: [{ digest: digest('b'), sizeBytes: 1000, diffId: digest('c'), unpackedBytes: 4000 }],
}
const manifest: BundleManifest = {
  format: 'node-lab-images/1',
  version: '0.1.0',
  images: [image],
  packages: { digest: digest('d'), sizeBytes: 10 },
  sources: { digest: digest('e'), sizeBytes: 10 },
}
const [layer] = image.layers
const withImage = (change: object): object => ({ ...manifest, images: [{ ...image, ...change }] })
const withLayer = (change: object): object => withImage({ layers: [{ ...layer, ...change }] })

describe('parseManifest', () => {
  it('given a manifest that was written here, then it is read; what it does not know of has no effect', () => {
    expect(parseManifest(serializeManifest(manifest))).toEqual(manifest)
    expect(parseManifest(JSON.stringify({ ...manifest, policy: { privileged: true } }))).toEqual(manifest)
  })

  it.each([
    ['another format', { ...manifest, format: 'node-lab-images/9' }, 'reads node-lab-images/1'],
    ['no images', { ...manifest, images: [] }, 'images is no list'],
    ['too many images', { ...manifest, images: Array(65).fill(image) }, 'images is no list'],
    ['the same image twice', { ...manifest, images: [image, image] }, 'is in it twice'],
    ["a name of the user's", withImage({ reference: 'nginx:latest' }), 'images[0].reference is "nginx:latest"'],
    [
      'a name that leaves the namespace',
      withImage({ reference: 'node-lab.invalid/../nginx:0123456789ab' }),
      'reference',
    ],
    ['an unknown processor', withImage({ architecture: 'mips' }), 'architecture is "mips"'],
    ['a path for a digest', withImage({ configuration: { digest: '../../etc/passwd', sizeBytes: 1 } }), 'digest is'],
    ['a large configuration', withImage({ configuration: { digest: digest('a'), sizeBytes: 70_000 } }), 'may be 1 to'],
    ['no layers', withImage({ layers: [] }), 'layers is no list'],
    ['a layer of nothing', withLayer({ sizeBytes: 0 }), 'sizeBytes is 0'],
    ['a layer of half a byte', withLayer({ sizeBytes: 0.5 }), 'sizeBytes is 0.5'],
    ['a large layer', withLayer({ unpackedBytes: 5 * 1024 ** 3 }), 'may be 1 to'],
    ['a layer that grows', withLayer({ unpackedBytes: 2 * 1024 ** 2 }), 'would become 2097152 bytes out of 1000'],
    [
      'two sizes of one layer',
      withImage({ layers: [layer, { ...layer, unpackedBytes: 5000 }] }),
      'says two things of the layer',
    ],
  ])('given %s, then it is refused', (_what, document, message) => {
    expect(() => parseManifest(JSON.stringify(document))).toThrow(message)
  })

  it('given no JSON, then it is refused', () => {
    expect(() => parseManifest('{')).toThrow('it is no JSON')
  })
})

describe('checkImageConfiguration', () => {
  const labels = { 'io.node-lab.image-inputs': '0123456789ab' }
  const configuration = {
    architecture: 'amd64',
    os: 'linux',
    config: { Cmd: ['sh'], Labels: labels },
    rootfs: { type: 'layers', diff_ids: [digest('c')] },
  }
  const withConfig = (change: object): object => ({ ...configuration, config: { ...configuration.config, ...change } })

  it('given what our builder writes, then it passes', () => {
    expect(() => checkImageConfiguration(JSON.stringify(configuration), image)).not.toThrow()
  })

  it.each([
    ['another processor', { ...configuration, architecture: 'arm64' }, 'is for linux/arm64'],
    ['another system', { ...configuration, os: 'windows' }, 'is for windows/amd64'],
    ['other layers', { ...configuration, rootfs: { diff_ids: [digest('f')] } }, 'names other layers'],
    ['volumes', withConfig({ Volumes: { '/': {} } }), 'sets Volumes'],
    ['a health check', withConfig({ Healthcheck: { Test: ['CMD', 'x'] } }), 'sets Healthcheck'],
    [
      'a label of labs',
      withConfig({ Labels: { ...labels, 'io.node-lab.lab': 'mine' } }),
      'has the label io.node-lab.lab',
    ],
    [
      'the name of another image',
      withConfig({ Labels: { 'io.node-lab.image-inputs': 'x' } }),
      'belongs to another image',
    ],
    ['no settings', { ...configuration, config: undefined }, 'has a wrong form'],
    ['no object', [], 'has a wrong form'],
  ])('given %s, then it is refused', (_what, document, message) => {
    expect(() => checkImageConfiguration(JSON.stringify(document), image)).toThrow(message)
  })
})
