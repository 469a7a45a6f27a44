import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

// xterm raises what is too faint by itself; these have to be right before, so that colours stay what they are.
const css = readFileSync(join(import.meta.dirname, 'terminal-tokens.css'), 'utf8')

describe('colours of terminals', () => {
  it('given both appearances, then each has the same tokens, and search colours that xterm takes (#rrggbb)', () => {
    const blocks = css.split(/^}/m).map((block) => [...block.matchAll(/--(terminal-[\w-]+): (#[0-9a-f]+);/g)])
    const [light = [], dark = []] = blocks
    expect(light.map(([, name]) => name)).toEqual(dark.map(([, name]) => name))
    expect(light).toHaveLength(22)
    for (const [, name, value] of [...light, ...dark]) {
      if (name?.startsWith('terminal-match') === true) expect(value).toMatch(/^#[0-9a-f]{6}$/)
    }
  })
})
