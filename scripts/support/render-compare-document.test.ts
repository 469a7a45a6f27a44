import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readExperiments } from '../../src-main/lab/experiments/read-experiments.ts'
import { COMPARE_DOCUMENT, renderCompareDocument, rowTitle } from './render-compare-document.ts'

const ROOT = join(import.meta.dirname, '../..')
const { experiments, rows } = await readExperiments(join(ROOT, 'resources/experiments'))
const document = readFileSync(join(ROOT, COMPARE_DOCUMENT), 'utf8')

describe(COMPARE_DOCUMENT, () => {
  it('given the experiments as they are, then it tells of each, in their order; else run npm run update:compare', () => {
    const told = [...document.matchAll(/`node-lab experiment run (?<name>[a-z-]+)`/g)].map(
      ({ groups }) => groups?.['name'],
    )
    expect(told).toEqual(experiments.map(({ name }) => name))
    for (const { question, explanation, observations } of experiments)
      for (const { en } of [question, explanation, ...observations.map(({ text }) => text)])
        expect(document).toContain(en)
  })

  it('given the rows as they are, then its table has each, in their order, with an answer of each side that is compared', () => {
    const lines = document.split('\n').filter((line) => line.startsWith('| '))
    const cells = lines
      .slice(2)
      .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '').trim()))
    expect(cells.map(([title]) => title)).toEqual(rows.map(rowTitle))
    for (const [title, ofStatic, ofDaemonSet] of cells)
      expect({ title, ofStatic, ofDaemonSet }).not.toMatchObject({ ofStatic: '' })
  })
})

describe('a document of a lab in which nothing was observed', () => {
  it('given no result, then its cells are empty', () => {
    const table = rows.map((row) => ({ row, cells: [] }))
    const text = renderCompareDocument({ experiments, table, date: '2026-01-01', setting: 'nothing' })
    expect(text).toContain('| Created by |  |  |  |')
  })
})
