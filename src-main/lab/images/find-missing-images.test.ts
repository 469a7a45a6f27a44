import { describe, expect, it } from 'vitest'
import type { EngineImage } from '../engine/engine.ts'
import { findMissingImages } from './find-missing-images.ts'

const PRESENT: EngineImage = { id: 'sha256:1', tags: ['mine:1'], labels: {}, sizeBytes: 1, createdAt: '' }

describe('findMissingImages', () => {
  it('given names of the catalogue, of the engine and of nobody, then only the last are missing, each once', async () => {
    const asked: string[] = []
    const engine = {
      inspectImage: (name: string): Promise<EngineImage | undefined> => {
        asked.push(name)
        return Promise.resolve(name === 'mine:1' ? PRESENT : undefined)
      },
    }
    const images = ['nginx', 'docker.io/library/busybox:1.36', 'mine:1', 'ghost/app:9', 'ghost/app:9', '../x']
    await expect(findMissingImages(engine, images)).resolves.toEqual(['ghost/app:9'])
    expect(asked).toEqual(['mine:1', 'ghost/app:9'])
  })
})
