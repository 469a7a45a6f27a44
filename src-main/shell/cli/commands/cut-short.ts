/** What an experiment has left in a lab whose program died: told, or put back before a command goes on. */
import { isLabError } from '../../../common/lab-error.ts'
import type { CommandContext } from '../context.ts'
import { computeFailure } from '../exit-codes.ts'

/** The last word on a lab that an experiment has changed. */
export const AS_BEFORE = 'The lab is as it was before.'

/** Says on stderr that something is left, and how it is put back; a run that is alive is none of it. */
export async function warnOfCutShort(context: CommandContext, lab: string): Promise<void> {
  const unfinished = await (await context.experiments()).unfinished(lab)
  if (unfinished === undefined) return
  context.terminal.note(
    `${nameOf(unfinished.experiment)} was cut short: ${unfinished.message}. Run: node-lab experiment restore --lab ${lab}`,
  )
}

/**
 * Puts back what is left, and says so on stderr, also what could not be put back. A failure is told and not thrown: the command that
 * goes on was asked for something else. @returns whether anything was left
 */
export async function putBackCutShort(context: CommandContext, lab: string): Promise<boolean> {
  const { terminal } = context
  const service = await context.experiments()
  const unfinished = await service.unfinished(lab)
  if (unfinished === undefined) return false
  terminal.note(`${nameOf(unfinished.experiment)} was cut short: putting back what it changed`)
  try {
    const result = await context.untilPutBack(service.restore(lab))
    terminal.note(result?.notRestored === undefined ? AS_BEFORE : `NOT PUT BACK: ${result.notRestored}`)
  } catch (error) {
    if (!isLabError(error)) throw error
    terminal.note(`NOT PUT BACK: ${computeFailure(error).message}`)
  }
  return true
}

/** A journal that is damaged has no name. */
function nameOf(experiment: string): string {
  return experiment === '' ? 'An experiment' : `An experiment (${experiment})`
}
