/** How much JavaScript a window loads before anything of it can be used: what `index.html` names, compressed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Row } from './measure.ts'

const BUDGET_KB = 500

/** @param folder of a production build */
export function measureInitialScripts(folder: string): Row {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const named = [...html.matchAll(/(?:src|href)="\.?\/?([^"]+\.js)"/g)].map(([, path = '']) => path)
  if (named.length === 0) throw new Error('index.html names no script')
  const bytes = [...new Set(named)].reduce((sum, path) => sum + gzipSync(readFileSync(join(folder, path))).length, 0)
  return {
    what: 'initial JavaScript, compressed',
    value: `${Math.round(bytes / 1000)} kB`,
    budget: `≤ ${BUDGET_KB} kB`,
    withinBudget: bytes <= BUDGET_KB * 1000,
  }
}
