/** A lab gets another name, for which it is stopped when it runs, and started again whatever comes of it. */
import type { LabStatus } from '@common/lab/lab-status.ts'

export interface RenameSteps {
  isOn: boolean
  down(): Promise<void>
  rename(): Promise<LabStatus>
  up(name: string): Promise<void>
}

/** @param onRenamed told before it is started @throws what the step that failed has thrown; a lab that ran is started again first */
export async function renameLab(
  lab: string,
  { isOn, down, rename, up }: RenameSteps,
  onRenamed: (status: LabStatus) => void,
): Promise<void> {
  let name = lab
  try {
    if (isOn) await down()
    const renamed = await rename()
    name = renamed.name
    onRenamed(renamed)
  } catch (error) {
    // Why it was not renamed is told; that it could not be started either shows on the board.
    if (isOn) await up(name).catch(() => undefined)
    throw error
  }
  if (isOn) await up(name)
}
