/** Files of the product as every checkout has them. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readFolderFiles } from './folder-files.ts'
import { findProductFolder } from './product-folder.ts'

it('given the folders that go into images, then what is executable here is what would be on a system without modes', () => {
  const images = join(findProductFolder(), 'resources/images')
  const folders = readdirSync(images, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  let programs = 0
  for (const { name } of folders) {
    for (const file of readFolderFiles(join(images, name))) {
      if ('target' in file) continue
      if (file.executable) programs += 1
      expect({ path: file.path, executable: file.executable }).toEqual({
        path: file.path,
        executable: (statSync(join(images, name, file.path)).mode & 0o100) !== 0,
      })
    }
  }
  expect(programs).toBeGreaterThan(5)
})
