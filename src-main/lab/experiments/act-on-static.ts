/** What is done to the static pods: with the files of the workers, and with the mirrors. */
import { LabError } from '../../common/lab-error.ts'
import { MANIFESTS_PATH } from '../../common/node-channel.ts'
import { agentFile, FIRST_PARAMETERS, type AgentParameters } from './agent-manifests.ts'
import { AGENT_NAMES } from '../../common/experiments/agent-names.ts'
import type { ExperimentScene, Said } from './experiment-scene.ts'
import { readAgentFile } from './read-agents.ts'

const { staticFile } = AGENT_NAMES

/** All files at once, as a tool that manages nodes would do it. */
export async function editFiles(scene: ExperimentScene, parameters: AgentParameters): Promise<Said> {
  const before = await readFiles(scene)
  const nodes = Object.keys(before)
  if (nodes.length === 0) throw new LabError({ kind: 'NotFound', message: `no node has ${staticFile}` })
  scene.filesBefore = before
  await writeFiles(scene, Object.fromEntries(nodes.map((node) => [node, agentFile(parameters)])))
  return said('wrote', nodes)
}

/** As above, and with what the target's kubelet says of it. */
export async function editFilesAndAsk(scene: ExperimentScene, parameters: AgentParameters): Promise<Said> {
  const { context, lab, target } = scene
  const { message } = await editFiles(scene, parameters)
  const judged = await context.labManager.applyAndAwaitVerdict(
    { lab, node: target },
    staticFile,
    agentFile(parameters),
    {
      replace: true,
    },
  )
  const { verdict } = judged
  if (verdict === undefined || verdict.state === 'accepted') return { ok: true, message }
  return { ok: false, message: `${message}; ${target} says: ${verdict.message}` }
}

export async function rollBackFiles(scene: ExperimentScene): Promise<Said> {
  const before = scene.filesBefore
  const nodes = Object.keys(before)
  if (nodes.length === 0)
    throw new LabError({ kind: 'Conflict', message: 'nothing remembers what was in the files before' })
  scene.filesBefore = await readFiles(scene)
  await writeFiles(scene, before)
  return said('wrote once more what was before', nodes)
}

export async function removeFiles(scene: ExperimentScene): Promise<Said> {
  const { context, lab } = scene
  const nodes = Object.keys(await readFiles(scene))
  if (nodes.length === 0) throw new LabError({ kind: 'NotFound', message: `no node has ${staticFile}` })
  await Promise.all(nodes.map((node) => context.labManager.removeManifest({ lab, node }, staticFile)))
  return said('removed', nodes)
}

export async function makeFiles(scene: ExperimentScene): Promise<Said> {
  const present = await readFiles(scene)
  const nodes = scene.nodes.filter((node) => present[node] === undefined)
  await writeFiles(scene, Object.fromEntries(nodes.map((node) => [node, agentFile(FIRST_PARAMETERS)])))
  return said('wrote', nodes)
}

async function readFiles({ context, lab, nodes }: ExperimentScene): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const node of nodes) {
    const content = await readAgentFile(context, { lab, node })
    if (content !== undefined) files[node] = content
  }
  return files
}

async function writeFiles({ context, lab }: ExperimentScene, files: Record<string, string>): Promise<void> {
  const { labManager } = context
  await Promise.all(
    Object.entries(files).map(([node, content]) =>
      labManager.applyManifest({ lab, node }, staticFile, content, { replace: true }),
    ),
  )
}

function said(what: string, nodes: readonly string[]): Said {
  return {
    ok: true,
    message: `${what} ${MANIFESTS_PATH}/${staticFile} on ${nodes.length === 0 ? 'no node' : nodes.join(', ')}`,
  }
}
