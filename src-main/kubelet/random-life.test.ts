/**
 * Thousands of random things that happen to a node: at every moment nothing runs twice and no restart is forgotten; once
 * left alone it is as its manifest folder says; emptied, nothing is left of any pod. `tests/full` lives longer.
 */
import { describe, it } from 'vitest'
import { liveRandomly, liveRandomlyAndForget } from './testing/random-life/live-randomly.ts'

describe('random lives of a node', () => {
  it(
    'given anything that happens to files, containers, kubelet and node, then the node comes to rest as its folder says',
    {
      timeout: 600_000,
    },
    () => liveRandomly({ lives: 300 }),
  )

  it(
    'given an emptied folder after any life, then the kubelet remembers no pod and waits for nothing',
    {
      timeout: 600_000,
    },
    () => liveRandomlyAndForget({ lives: 40 }),
  )
})
