import { describe, expect, it } from 'vitest'
import { FileTree } from './file-tree.ts'
import { hashFiles } from './folder-files.ts'
import { computeKnownLayers, imageHash as hashOfImage, layerHash as hashOfLayer } from './image-builder.ts'
import { computeHistory } from './image-history.ts'
import { type ImageRecipe, type LayerRecipe, upstreamVersion } from './recipes/recipe.ts'

const layer = (name: string, inputs: string): LayerRecipe => ({
  name,
  inputs,
  description: '',
  make: () => Promise.resolve({ tree: new FileTree(), created: new Date(0) }),
})
const image = (layers: LayerRecipe[], settings: ImageRecipe['settings'] = {}): ImageRecipe => ({
  name: 'x',
  layers,
  settings,
})

const imageHash = (recipe: ImageRecipe, architecture = 'amd64'): string => hashOfImage(recipe, architecture)
const layerHash = (recipe: LayerRecipe, architecture = 'amd64'): string => hashOfLayer(recipe, architecture)

describe('hashes', () => {
  it('given another program, then image and upper layer have another hash and the lower layer keeps its own', () => {
    const base = layer('base', '1')
    expect(imageHash(image([base, layer('top', 'a')]))).not.toBe(imageHash(image([base, layer('top', 'b')])))
    expect(layerHash(layer('top', 'a'))).not.toBe(layerHash(layer('top', 'b')))
    expect(layerHash(base)).toBe(layerHash(layer('base', '1')))
  })

  it('given another way to start, then the image has another hash', () => {
    expect(imageHash(image([layer('l', '1')]))).not.toBe(imageHash(image([layer('l', '1')], { command: ['sh'] })))
  })

  it("given another processor of the engine's, then the image has another hash, whatever this machine's is", () => {
    const recipe = image([layer('l', '1')])
    expect(imageHash(recipe, 'arm64')).not.toBe(imageHash(recipe))
  })

  it('given files, then content, name and executable bit count', () => {
    const file = { path: 'a', content: Buffer.from('x'), executable: false }
    const hashes = [
      [file],
      [{ ...file, content: Buffer.from('y') }],
      [{ ...file, path: 'b' }],
      [{ ...file, executable: true }],
      [],
    ]
    expect(new Set(hashes.map(hashFiles)).size).toBe(hashes.length)
  })
})

describe('computeKnownLayers', () => {
  it.each([
    [['a', 'b', 'c'], [['a', 'b', 'x']], 2],
    [['a', 'b', 'c'], [['x', 'b', 'c']], 0],
    [['a', 'b'], [['a'], ['a', 'b', 'c']], 2],
    [['a'], [], 0],
  ])('given %j and images %j, then %i lower layers need not be sent', (layers, images, expected) => {
    expect(computeKnownLayers(layers, images)).toBe(expected)
  })
})

describe('computeHistory', () => {
  it('given more images of one name than are kept, then the oldest of that name may go', () => {
    const history = ['p/node:1', 'p/pause:1', 'p/node:2']
    expect(computeHistory(history, 'p/node:3', 2)).toEqual({
      history: [...history, 'p/node:3'],
      stale: ['p/node:1'],
    })
  })

  it('given an image that is made again, then it counts as new', () => {
    expect(computeHistory(['p/node:1', 'p/node:2'], 'p/node:1', 1).stale).toEqual(['p/node:2'])
  })
})

it.each([
  ['1:1.37.0-6+b9', '1.37.0'],
  ['1.26.3-3+deb13u11', '1.26.3'],
  ['0.2.1-2+b14', '0.2.1'],
])('given the package version %s, then upstream calls it %s', (version, expected) => {
  expect(upstreamVersion(version)).toBe(expected)
})
