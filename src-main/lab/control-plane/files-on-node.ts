/** Files of the cluster in a running container: of a node, or of the simulated ones. */
import { pack } from 'tar-stream'
import type { Engine } from '../engine/engine.ts'
import type { NodeFile } from './node-files.ts'
import { COMMAND_SECONDS, requireOnNode, runOnNode } from './run-on-node.ts'

/** `undefined` when it is not there or cannot be read. */
export async function readFileOnNode(engine: Engine, container: string, path: string): Promise<string | undefined> {
  const { exitCode, stdout } = await runOnNode(engine, container, ['cat', path], { timeoutSeconds: COMMAND_SECONDS })
  return exitCode === 0 ? stdout : undefined
}

/** Whoever reads them is started afterwards. */
export async function placeFiles(
  engine: Engine,
  container: string,
  node: string,
  files: readonly NodeFile[],
): Promise<void> {
  await requireOnNode(engine, container, ['tar', '-xpf', '-', '-C', '/', '--no-same-owner'], {
    what: 'writing the files of the cluster',
    node,
    input: await packFiles(files),
    timeoutSeconds: COMMAND_SECONDS,
  })
}

export async function removeFiles(
  engine: Engine,
  container: string,
  node: string,
  paths: readonly string[],
): Promise<void> {
  await requireOnNode(engine, container, ['rm', '-f', ...paths], {
    what: 'removing the files of the cluster',
    node,
    timeoutSeconds: COMMAND_SECONDS,
  })
}

/** As a tarball that is unpacked in `/`. */
export async function packFiles(
  files: readonly { path: string; content: string | Buffer; mode: number }[],
): Promise<Buffer> {
  const archive = pack()
  for (const { path, content, mode } of files) archive.entry({ name: path.slice(1), mode }, content)
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
