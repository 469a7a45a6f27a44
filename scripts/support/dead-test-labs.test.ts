import { describe, expect, it } from 'vitest'
import { HOME_LABEL, LAB_LABEL } from '../../src-main/common/engine-labels.ts'
import { computeDeadTestLabs } from './dead-test-labs.ts'

const ALIVE = 1234
const DEAD = 5678
const labels = (home: string, lab: string): Record<string, string> => ({ [HOME_LABEL]: home, [LAB_LABEL]: lab })
const dead = (objects: Record<string, string>[]): string[] =>
  computeDeadTestLabs(objects, (pid) => pid === ALIVE).map(({ lab }) => lab)

describe('computeDeadTestLabs', () => {
  it('given labs of dead and living test runs, then only the dead ones are named, each once', () => {
    const [gone, running] = [`main-${DEAD.toString(36)}`, `main-${ALIVE.toString(36)}`]
    const home = '/tmp/node-lab-test-aB3'
    expect(dead([labels(home, gone), labels(home, running), labels(home, gone)])).toEqual([gone])
    expect(dead([labels('/tmp/node-lab-e2e-x', `e2e-${DEAD.toString(36)}`)])).toHaveLength(1)
  })

  it('given labs of people, then none is named, whatever they are called', () => {
    const name = `main-${DEAD.toString(36)}`
    expect(dead([labels('/root/.local/share/node-lab', name), labels('/tmp/lab', name), {}])).toEqual([])
    expect(dead([labels('/tmp/node-lab-test-aB3', 'plain')])).toEqual([])
  })
})
