import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportBundle } from './export-bundle.ts'
import {
  importSample,
  makeSampleBundle,
  NOTHING,
  REFERENCE,
  type SampleBundle,
  UNVERIFIED,
} from './testing/sample-bundle.ts'

let sample: SampleBundle
beforeAll(async () => {
  sample = await makeSampleBundle()
})
afterAll(() => sample.dispose())

describe('importBundle', () => {
  it('given a checksum beside the bundle, then the image gets into the engine with the id that it had', async () => {
    const engine = sample.engine()
    const { loaded, trust } = await importSample(engine, sample.path, NOTHING)
    expect(loaded).toEqual([REFERENCE])
    expect(engine.loaded.get(REFERENCE)).toBe(sample.archiveOf(REFERENCE, 'amd64').imageId)
    expect(trust.words).toContain('as trustworthy as the way')
    expect(await importSample(engine, sample.path, NOTHING)).toMatchObject({ loaded: [], present: [REFERENCE] })
  })

  it('given another processor of the engine, then the bundle is refused with what it is for', async () => {
    await expect(importSample(sample.engine('arm64'), sample.path, NOTHING)).rejects.toThrow(
      'the engine runs on arm64, and images.tar has images for amd64 only',
    )
  })

  it('given a Node Lab that needs other images, then the bundle is refused with what it lacks', async () => {
    const needed = [REFERENCE, 'node-lab.invalid/node:ffffffffffff']
    const engine = sample.engine()
    await expect(importSample(engine, sample.path, NOTHING, needed)).rejects.toThrow(
      /belongs to another state of Node Lab \(it calls itself 0\.1\.0\): it lacks node-lab\.invalid\/node:ffffffffffff$/,
    )
    expect(engine.loaded.size).toBe(0)
  })
})

describe('given a file that somebody writes to while it is imported', () => {
  it('when it becomes another bundle after its checksum was computed, then it is refused', async () => {
    const other = join(sample.folder, 'other-version.tar')
    await exportBundle(sample.engine(), other, {
      references: [REFERENCE],
      version: '0.1.1',
      onProgress: () => undefined,
    })
    expect(statSync(other).size).toBe(statSync(sample.path).size)
    const path = sample.changed((bytes) => bytes)
    const engine = sample.engine()
    const evidence = { ...NOTHING, sha256: sample.sha256 }
    const importing = importSample(engine, path, evidence, [REFERENCE], ({ message, progress }) => {
      if (message.startsWith('comparing the checksum') && progress === 1) writeFileSync(path, readFileSync(other))
    })
    await expect(importing).rejects.toMatchObject({
      kind: 'BadRequest',
      message: expect.stringContaining('was changed after its checksum had been computed'),
    })
    expect(engine.loaded.size).toBe(0)
  })

  it('when the configuration of an image is changed after all was checked, then the image is not loaded', async () => {
    const path = sample.changed((bytes) => bytes)
    const engine = sample.engine()
    const importing = importSample(engine, path, UNVERIFIED, [REFERENCE], ({ message }) => {
      if (!message.startsWith('loading')) return
      const bytes = readFileSync(path)
      bytes.write('"Cmd":["ls"]', bytes.indexOf('"Cmd":["sh"]'))
      writeFileSync(path, bytes)
    })
    await expect(importing).rejects.toMatchObject({
      kind: 'BadRequest',
      message: expect.stringContaining('is damaged'),
    })
    expect(engine.loaded.size).toBe(0)
  })
})

it('given an import that is killed between two images, then the next one loads only what is missing', async () => {
  const both = join(sample.folder, 'two.tar')
  const second = 'node-lab.invalid/second:aaaaaaaaaaaa'
  await exportBundle(sample.engine(), both, {
    references: [REFERENCE, second],
    version: '0.1.0',
    onProgress: () => undefined,
  })
  const engine = sample.engine()
  engine.failAfter(1)
  await expect(importSample(engine, both, NOTHING, [REFERENCE, second])).rejects.toThrow('killed')
  engine.failAfter(2)
  expect(await importSample(engine, both, NOTHING, [REFERENCE, second])).toMatchObject({
    loaded: [second],
    present: [REFERENCE],
  })
})
