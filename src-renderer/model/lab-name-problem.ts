/** What keeps a new lab from having a name. */
import { labNameFault } from '@common/lab/names.ts'

export type LabNameProblem = 'empty' | 'taken' | 'form'

export function computeLabNameProblem(name: string, taken: readonly string[]): LabNameProblem | undefined {
  if (name === '') return 'empty'
  if (labNameFault(name) !== undefined) return 'form'
  return taken.includes(name) ? 'taken' : undefined
}
