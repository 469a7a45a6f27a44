/** All labs of a home, as well as they can be told. */
import { isLabError, toLabErrorData } from '../../common/lab-error.ts'
import type { LabStatus } from '../../common/lab/lab-status.ts'
import type { LabContext } from '../lab-context.ts'
import { offlineLabStatus, readLabStatus } from './read-lab-status.ts'

/** A lab whose file is broken, or whose engine is away, is listed with the reason as its message. */
export async function listLabs(context: LabContext): Promise<LabStatus[]> {
  const names = await context.store.list()
  return (await Promise.all(names.map((name) => listLab(context, name)))).flat()
}

async function listLab(context: LabContext, name: string): Promise<LabStatus[]> {
  try {
    const spec = await context.store.read(name)
    if (spec === undefined) return []
    try {
      return [await readLabStatus(context, await context.engines.connect(), spec)]
    } catch (error) {
      if (!isLabError(error) || error.kind !== 'NoEngine') throw error
      return [offlineLabStatus(context, spec, error.message)]
    }
  } catch (error) {
    if (!isLabError(error) || error.kind !== 'BadRequest') throw error
    const folder = context.store.layout.labFolder(name)
    return [{ name, state: 'degraded', folder, subnet: '', nodes: [], message: toLabErrorData(error).message }]
  }
}
