/**
 * A node's life as plain data: what happens to its manifest folder, its containers, its kubelet and itself. A plan names
 * what it means by number (the second file, the third running container), so that it means something in every state and
 * can be shrunk.
 */
import fc from 'fast-check'
import { SHAPES } from './pod-shapes.ts'
import type { PodShape } from './pod-shapes.ts'

export const FILE_NAMES = ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml'] as const
export const POD_NAMES = ['one', 'two', 'three'] as const

export type Happening =
  /** A new file, or another content of an old one; two files may define the same pod. */
  | { does: 'write'; file: number; pod: number; shape: PodShape }
  | { does: 'edit' | 'reformat' | 'break' | 'mend' | 'remove'; file: number }
  | { does: 'rename'; file: number; to: number }
  | { does: 'exit'; pick: number; code: number }
  | { does: 'kill sandbox' | 'remove container' | 'remove sandbox' | 'fail probe'; pick: number }
  | { does: 'stop kubelet' | 'start kubelet' | 'kill kubelet' | 'power off' | 'power on' }
  | { does: 'lose runtime' | 'find runtime' | 'break events' }
  | { does: 'slow runtime'; latencyMs: number }
  | { does: 'nothing' }

/** Something happens, and then time passes. */
export type LifeStep = Happening & { thenMs: number }

const file = fc.nat(FILE_NAMES.length - 1)
const pick = fc.nat(15)

const write: fc.Arbitrary<Happening> = fc.record({
  does: fc.constant('write' as const),
  file,
  pod: fc.nat(POD_NAMES.length - 1),
  shape: fc.constantFrom(...SHAPES),
})

const folderChange: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ does: fc.constantFrom('edit', 'edit', 'reformat', 'break', 'mend', 'mend', 'remove'), file }),
  fc.record({ does: fc.constant('rename' as const), file, to: file }),
)

const containerEnd: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ does: fc.constant('exit' as const), pick, code: fc.constantFrom(0, 1, 137) }),
  fc.record({ does: fc.constantFrom('kill sandbox', 'remove container', 'remove sandbox', 'fail probe'), pick }),
)

const nodeChange: fc.Arbitrary<Happening> = fc.record({
  does: fc.constantFrom(
    'stop kubelet',
    'start kubelet',
    'start kubelet',
    'kill kubelet',
    'kill kubelet',
    'power off',
    'power on',
    'power on',
  ),
})

const runtimeChange: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ does: fc.constantFrom('lose runtime', 'find runtime', 'find runtime', 'break events') }),
  fc.record({ does: fc.constant('slow runtime' as const), latencyMs: fc.constantFrom(0, 5, 40, 400) }),
)

/** Short waits meet what is under way, long ones let it end. */
const thenMs = fc.constantFrom(0, 0, 1, 6, 30, 100, 300, 1000, 3000, 12_000, 45_000)

/** Steps of a life; its shrinks do less, and print themselves. */
export function lifeSteps(): fc.Arbitrary<LifeStep> {
  const happening: fc.Arbitrary<Happening> = fc.oneof(
    { withCrossShrink: true },
    { weight: 1, arbitrary: fc.constant({ does: 'nothing' as const }) },
    { weight: 5, arbitrary: write },
    { weight: 6, arbitrary: folderChange },
    { weight: 6, arbitrary: containerEnd },
    { weight: 4, arbitrary: nodeChange },
    { weight: 2, arbitrary: runtimeChange },
  )
  return fc
    .tuple(happening, thenMs)
    .map(([what, ms]) => ({ ...what, thenMs: ms, [fc.toStringMethod]: () => printStep({ ...what, thenMs: ms }) }))
}

/** As a person would tell it. */
export function printStep(step: LifeStep): string {
  const then = step.thenMs === 0 ? '' : `, then ${step.thenMs / 1000} s`
  return `${printHappening(step)}${then}`
}

function printHappening(step: Happening): string {
  switch (step.does) {
    case 'write':
      return `write ${FILE_NAMES[step.file]} = pod ${POD_NAMES[step.pod]} (${step.shape})`
    case 'rename':
      return `rename file ${step.file} to ${FILE_NAMES[step.to]}`
    case 'edit':
    case 'reformat':
    case 'break':
    case 'mend':
    case 'remove':
      return `${step.does} file ${step.file}`
    case 'exit':
      return `running container ${step.pick} exits with ${step.code}`
    case 'kill sandbox':
    case 'remove container':
    case 'remove sandbox':
    case 'fail probe':
      return `${step.does} ${step.pick}`
    case 'slow runtime':
      return `each call takes ${step.latencyMs} ms`
    default:
      return step.does
  }
}
