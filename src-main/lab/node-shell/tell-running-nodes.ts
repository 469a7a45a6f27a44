/** Tells nodes that run already who else is in the lab; those that start have it before they do. */
import type { Logger } from '../../base/logger.ts'
import { isLabError } from '../../common/lab-error.ts'
import { packFiles } from '../control-plane/files-on-node.ts'
import { COMMAND_SECONDS, requireOnNode } from '../control-plane/run-on-node.ts'
import type { Engine } from '../engine/engine.ts'
import type { NodeShellFile } from './node-shell-files.ts'

/** Unpacks what it reads, brings `/etc/hosts` up to date, and has the SSH server take a new host key. */
const RECEIVER_PROGRAM = '/usr/lib/node-lab/receive-lab-files'

/**
 * A node that does not take it is told of in the log and no more: it may be on its way down, its tools may be broken, and its
 * next start brings the same.
 */
export async function tellRunningNodes(
  { engine, logger }: { engine: Engine; logger: Logger },
  nodes: readonly { node: string; container: string }[],
  files: readonly NodeShellFile[],
): Promise<void> {
  if (nodes.length === 0) return
  const input = await packFiles(files)
  await Promise.all(
    nodes.map(async ({ node, container }) => {
      const what = 'receiving the names of the lab'
      try {
        await requireOnNode(engine, container, [RECEIVER_PROGRAM], {
          what,
          node,
          input,
          timeoutSeconds: COMMAND_SECONDS,
        })
      } catch (error) {
        if (!isLabError(error) || error.kind === 'NoEngine') throw error
        logger.warn('a node was not told of the other nodes', { node, error })
      }
    }),
  )
}
