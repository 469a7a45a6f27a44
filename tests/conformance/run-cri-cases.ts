/** Registers the cases as tests of one runtime: each as it is written, or as its difference says. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { CaseWorld, SharedPod } from './case-world.ts'
import { titleOf } from './cri-case.ts'
import { CASES } from './cri-cases.ts'
import type { CriSubject, RuntimeName } from './cri-subject.ts'
import { DIFFERENCES } from './differences.ts'

const DOCUMENT = 'docs/cri-conformance.md'

export function runCriCases(name: RuntimeName, start: () => Promise<CriSubject>): void {
  let subject: CriSubject | undefined
  let shared: SharedPod | undefined
  const inWorld = async (run: (world: CaseWorld) => Promise<void>): Promise<void> => {
    if (subject === undefined || shared === undefined) throw new Error(`the ${name} runtime could not be started`)
    const world = new CaseWorld(subject, shared)
    try {
      await run(world)
    } finally {
      await world.dispose()
    }
  }
  beforeAll(async () => {
    subject = await start()
    shared = new SharedPod(subject)
  })
  afterAll(() => subject?.dispose())
  for (const { title, cases } of CASES) {
    const shown = cases.filter(({ id }) => DIFFERENCES[name][id]?.kind !== 'not shown')
    const notShown = cases.length - shown.length
    if (notShown > 0)
      console.log(`${title}: ${notShown} of ${cases.length} cases cannot be shown by the ${name} runtime (${DOCUMENT})`)
    if (shown.length === 0) continue
    describe(title, () => {
      for (const { id, case: criCase } of shown) {
        const difference = DIFFERENCES[name][id]
        if (difference?.kind === 'differs')
          it(`${titleOf(criCase)} (differs here: ${difference.reason})`, () => inWorld(difference.instead))
        else it(titleOf(criCase), () => inWorld(criCase.run))
      }
    })
  }
}
