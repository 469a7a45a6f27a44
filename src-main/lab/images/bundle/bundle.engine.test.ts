/** A bundle on the real engine: what was exported comes back as it was. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { IMAGE_INPUTS_LABEL } from '../../../common/engine-labels.ts'
import { connectEngine } from '../../engine/ensure-engine.ts'
import type { Engine } from '../../engine/engine.ts'
import { FileTree } from '../file-tree.ts'
import { computeConfiguration, computeImageArchive, readFromDisk } from '../image-archive.ts'
import { loadArchive } from '../image-builder.ts'
import { writeLayer } from '../layer.ts'
import { exportBundle } from './export-bundle.ts'
import { importBundle } from './import-bundle.ts'

const hash = randomBytes(6).toString('hex')
const reference = `node-lab.invalid/bundle-test:${hash}`
const folder = mkdtempSync(join(tmpdir(), 'node-lab-bundle-'))
let engine: Engine

beforeAll(async () => {
  engine = await connectEngine()
  const [base, top] = [new FileTree(), new FileTree()]
  base.file('base', randomBytes(200_000))
  top.file('top', hash)
  const layers = [
    await writeLayer(base, join(folder, 'base.tar'), new Date('2026-08-01T00:00:00Z'), 'base', ''),
    await writeLayer(top, join(folder, 'top.tar'), new Date('2026-08-01T00:00:00Z'), 'top', ''),
  ]
  const labels = { [IMAGE_INPUTS_LABEL]: hash }
  const configuration = computeConfiguration(layers, { command: ['/base'], labels }, await engine.architecture())
  await loadArchive(engine, reference, computeImageArchive(reference, configuration, layers.map(readFromDisk)))
})

afterAll(async () => {
  await engine.removeImage(reference)
  await engine.dispose()
  rmSync(folder, { recursive: true, force: true })
})

it('given an image of the engine, when it is exported, removed and imported, then it has the same id, and twice the same bytes', async () => {
  const before = await engine.inspectImage(reference)
  const options = { references: [reference], version: '0.1.0', onProgress: () => undefined }
  const path = join(folder, 'images.tar')
  const { sha256 } = await exportBundle(engine, path, options)
  await engine.removeImage(reference)
  expect(await engine.inspectImage(reference)).toBeUndefined()
  const words = { needed: [reference], evidence: { sha256, keys: [], unverified: false }, onProgress: () => undefined }
  expect((await importBundle(engine, path, words)).loaded).toEqual([reference])
  const after = await engine.inspectImage(reference)
  expect({ id: after?.id, tags: after?.tags }).toEqual({ id: before?.id, tags: [reference] })
  expect((await importBundle(engine, path, words)).present).toEqual([reference])
  expect((await exportBundle(engine, join(folder, 'again.tar'), options)).sha256).toBe(sha256)
})

it('given an image that the engine has not, when it is exported, then it is told', async () => {
  const missing = 'node-lab.invalid/bundle-test:000000000000'
  const options = { references: [missing], version: '0.1.0', onProgress: () => undefined }
  await expect(exportBundle(engine, join(folder, 'none.tar'), options)).rejects.toMatchObject({ kind: 'NotFound' })
})
