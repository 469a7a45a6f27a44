import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { openAppLog } from './app-log.ts'

const home = mkdtempSync(join(tmpdir(), 'node-lab-log-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('openAppLog', () => {
  it('given a log that has grown large, when more is logged, then it is set aside and a new one begins', () => {
    const lines: string[] = []
    const logger = openAppLog(home, new FakeClock(), (line) => lines.push(line))
    logger.warn('first')
    writeFileSync(join(home, 'app/app.log'), 'x'.repeat(1_000_001))
    logger.warn('second', { error: new Error('why') })
    expect(readFileSync(join(home, 'app/app.log'), 'utf8')).toBe(lines[1])
    expect(statSync(join(home, 'app/app.log.old')).size).toBe(1_000_001)
  })

  it('given a home that cannot be written, when something is logged, then that is said once and nothing throws', () => {
    const file = join(home, 'file')
    writeFileSync(file, '')
    const lines: string[] = []
    const logger = openAppLog(file, new FakeClock(), (line) => lines.push(line))
    logger.warn('first')
    logger.warn('second')
    expect(lines.filter((line) => line.includes('cannot be written'))).toHaveLength(1)
    expect(lines).toHaveLength(3)
  })
})
