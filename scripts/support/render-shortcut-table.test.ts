import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { renderShortcutTable } from './render-shortcut-table.ts'

describe('docs/window.md', () => {
  it('given the shortcuts as they are, then the document shows them; else run scripts/update-docs.ts', () => {
    const document = readFileSync(new URL('../../docs/window.md', import.meta.url), 'utf8')
    // Formatting pads the cells of tables.
    const cells = (text: string): string => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---')
    expect(cells(document)).toContain(cells(renderShortcutTable()))
  })
})
