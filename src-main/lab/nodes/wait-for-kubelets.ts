/** Waits until the kubelets of a lab are at work, and says which one is not, and why. */
import { labStep } from '../../common/lab/lab-texts.ts'
import { delay } from '../../base/clock.ts'
import { isLabError, LabError, toLabErrorData } from '../../common/lab-error.ts'
import { KUBELET_JOURNAL_PATH } from '../../common/node-channel.ts'
import { nodeContainerName, runtimeContainerName } from '../../common/node-layout.ts'
import type { Engine } from '../engine/engine.ts'
import type { LabContext } from '../lab-context.ts'
import type { OnProgress } from '../lab-manager.ts'

/** A node takes a second or two; a laptop under load has been seen to take far longer. */
export const KUBELET_TIMEOUT_MS = 120_000
const POLL_MS = 100
const RUNTIME_NOT_READY = 'its container runtime is not ready'
const JOURNAL_LINES = 6
const EXEC_LIMIT_MS = 10_000
/** A node that starts has no kubelet for a moment, either. */
const STOPPED_GRACE_MS = 5000

export interface WaitOptions {
  lab: string
  nodes: readonly string[]
  onProgress: OnProgress
  signal?: AbortSignal
}

/** @throws Timeout that names the node, why it is not ready, and its last words; Conflict when it goes; Cancelled */
export async function waitForKubelets(context: LabContext, engine: Engine, options: WaitOptions): Promise<void> {
  const waiting = new Set(options.nodes)
  const tell = (): void => {
    if (waiting.size > 0) options.onProgress(labStep('kubelets-wait', { nodes: [...waiting].join(', ') }))
  }
  tell()
  await Promise.all(
    options.nodes.map(async (node) => {
      await waitForKubelet(context, engine, node, options)
      waiting.delete(node)
      tell()
    }),
  )
}

async function waitForKubelet(
  context: LabContext,
  engine: Engine,
  node: string,
  { lab, signal }: WaitOptions,
): Promise<void> {
  const deadlineMs = context.clock.now() + KUBELET_TIMEOUT_MS
  let reason = 'it has not been asked yet'
  let stoppedSinceMs: number | undefined
  while (context.clock.now() < deadlineMs) {
    if (signal?.aborted) throw new LabError({ kind: 'Cancelled', message: `cancelled while waiting for ${node}` })
    try {
      const info = await context.channels.get(engine, lab, node).kubelet()
      if (info.runtimeReady) return
      reason = `${RUNTIME_NOT_READY}${info.runtimeMessage === undefined ? '' : ` (${info.runtimeMessage})`}`
    } catch (error) {
      if (!isLabError(error) || error.kind === 'NoEngine') throw error
      reason = error.message
      await refuseGoneNode(context, engine, lab, node)
      stoppedSinceMs =
        error.details?.['reason'] === 'KubeletStopped' ? (stoppedSinceMs ?? context.clock.now()) : undefined
      if (stoppedSinceMs !== undefined && context.clock.now() - stoppedSinceMs >= STOPPED_GRACE_MS) {
        if (await isStoppedUnit(engine, nodeContainerName(lab, node))) throw stoppedByHand(lab, node)
        stoppedSinceMs = context.clock.now()
      }
    }
    // The signal is looked at in the next round.
    await delay(context.clock, POLL_MS, signal).catch(() => undefined)
  }
  throw await describeTimeout(engine, lab, node, reason)
}

/** Another process may have deleted the lab, or removed or stopped the node: nobody needs to wait for that. */
async function refuseGoneNode(context: LabContext, engine: Engine, lab: string, node: string): Promise<void> {
  const gone = (what: string): LabError =>
    new LabError({ kind: 'Conflict', message: `${what} while its kubelet was waited for` })
  const spec = await context.store.read(lab)
  if (spec === undefined) throw gone(`the lab "${lab}" was deleted`)
  if (!spec.nodes.some(({ name }) => name === node)) throw gone(`the node ${node} of the lab "${lab}" was removed`)
  const details = await engine.inspectContainer(nodeContainerName(lab, node))
  // A node that crashed has its restart policy still; one that was stopped for good has not.
  if (details?.state === 'exited' && details.restartPolicy === 'no')
    throw gone(`the node ${node} of the lab "${lab}" was stopped`)
}

/** Somebody said `systemctl stop kubelet`: unlike a kubelet that fails, such a one stays away. */
async function isStoppedUnit(engine: Engine, container: string): Promise<boolean> {
  return (await execOnNode(engine, container, ['systemctl', 'is-active', 'kubelet'])) === 'inactive'
}

function stoppedByHand(lab: string, node: string): LabError {
  return new LabError({
    kind: 'Conflict',
    message: `the kubelet of ${node} was stopped on the node (systemctl stop kubelet); its pods run on without it`,
    remedy: `Start it with: node-lab node restart-kubelet ${node} --lab ${lab}`,
    details: { node },
  })
}

async function describeTimeout(engine: Engine, lab: string, node: string, reason: string): Promise<LabError> {
  const container = nodeContainerName(lab, node)
  const details = await engine.inspectContainer(container)
  const state = details === undefined ? 'its container has gone' : `its container is ${details.state}`
  const journal = details?.state === 'running' ? await readJournal(engine, container) : await readLog(engine, container)
  const isRuntime = reason.startsWith(RUNTIME_NOT_READY)
  const runtime = isRuntime ? await readLog(engine, runtimeContainerName(lab, node)) : ''
  const words = [journal, runtime].filter((text) => text !== '').join('\n')
  return new LabError({
    kind: 'Timeout',
    message:
      `the kubelet of ${node} was not ready after ${KUBELET_TIMEOUT_MS / 1000} s: ${reason} (${state})` +
      (words === '' ? '' : `\n${words}\n`),
    remedy: `Look on the node with "node-lab shell ${node} --lab ${lab}", or start its kubelet anew with: node-lab node restart-kubelet ${node} --lab ${lab}`,
    details: { node },
  })
}

async function readJournal(engine: Engine, container: string): Promise<string> {
  try {
    return await execOnNode(engine, container, ['tail', '-n', String(JOURNAL_LINES), KUBELET_JOURNAL_PATH])
  } catch (error) {
    return `(its journal cannot be read: ${toLabErrorData(error).message})`
  }
}

/** What the command prints, without blanks around it. */
async function execOnNode(engine: Engine, container: string, command: string[]): Promise<string> {
  const exec = await engine.exec(container, { command: ['timeout', String(EXEC_LIMIT_MS / 1000), ...command] })
  exec.stderr.resume()
  const chunks = await exec.stdout.toArray()
  return Buffer.concat(chunks as Buffer[])
    .toString('utf8')
    .trim()
}

async function readLog(engine: Engine, container: string): Promise<string> {
  try {
    return (await engine.containerLogs(container, { tailLines: JOURNAL_LINES })).trim()
  } catch (error) {
    return `(the log of ${container} cannot be read: ${toLabErrorData(error).message})`
  }
}
