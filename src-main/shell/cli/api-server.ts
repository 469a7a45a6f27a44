/** The API server of a lab, for commands that make no sense without one. */
import { LabError } from '../../common/lab-error.ts'
import type { ApiServerStatus } from '../../common/lab/lab-status.ts'
import type { CommandContext } from './context.ts'

/** @throws Conflict for a lab without a control plane */
export async function requireApiServer(context: CommandContext, lab: string): Promise<ApiServerStatus> {
  const { apiServer } = await (await context.labManager()).labStatus(lab)
  if (apiServer !== undefined) return apiServer
  throw new LabError({
    kind: 'Conflict',
    message: `the lab "${lab}" has no control plane, so there is no API server for kubectl`,
    remedy: `Add one with: node-lab up --control-plane${lab === 'default' ? '' : ` --lab ${lab}`} (node-lab pods asks the kubelets themselves)`,
  })
}
