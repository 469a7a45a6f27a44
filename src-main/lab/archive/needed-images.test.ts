import { describe, expect, it } from 'vitest'
import { computeNeededImages } from './needed-images.ts'

function pod(image: string, padding = 0): Buffer {
  return Buffer.from(
    `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: ${image}}]}\n${'#'.repeat(padding)}`,
  )
}

describe('the images that manifests ask for', () => {
  it('given pods, of which one is too large to be parsed, then those of the others are told', () => {
    expect(computeNeededImages([pod('b'), Buffer.from('no pod'), pod('huge', 300 * 1024), pod('a')])).toEqual([
      'a',
      'b',
    ])
  })
})
