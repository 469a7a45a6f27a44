/**
 * Timelines of nodes that do not run: their kubelets wrote them to the nodes' disks, where a helper reads them. Whatever a node
 * has on its disk is the node's word: links and pipes are not opened, and lines that are no entries count as nothing.
 */
import { randomUUID } from 'node:crypto'
import { posix } from 'node:path'
import { LAB_LABEL } from '../../common/engine-labels.ts'
import { LabError } from '../../common/lab-error.ts'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import { NODE_TIMELINE_FILE, nodeVolumeName } from '../../common/node-layout.ts'
import type { Engine } from '../engine/engine.ts'
import { findToolImage } from '../engine/find-tool-image.ts'
import { runHelper } from '../engine/run-helper.ts'
import { objectLabels } from '../reconcile/container-specs.ts'

/** Under it, each node's `/var/lib` by the node's name. */
const DISKS = '/disks'
const VOLUME_PATH = '/var/lib'
/** A kubelet begins another file at 2 MiB. */
const MAX_FILE_BYTES = 3 * 1024 * 1024

const SCRIPT = `mark="$1"; shift
for node; do
  echo "$mark$node"
  file="${DISKS}/$node${NODE_TIMELINE_FILE.slice(VOLUME_PATH.length)}"
  for part in "$file.1" "$file"; do
    if [ -f "$part" ] && [ ! -L "$part" ]; then tail -c ${MAX_FILE_BYTES} "$part"; echo; fi
  done
done`

/** Of those of the nodes that have a disk; no order. @throws LabError when the helper cannot be run, or fails */
export async function readKeptTimelines(
  engine: Engine,
  { home, lab, nodes }: { home: string; lab: string; nodes: readonly string[] },
): Promise<TimelineEntry[]> {
  const volumes = new Set((await engine.listVolumes({ [LAB_LABEL]: lab })).map(({ name }) => name))
  const kept = nodes.filter((node) => volumes.has(nodeVolumeName(lab, node)))
  const image = kept.length === 0 ? undefined : await findToolImage(engine)
  if (image === undefined) return []
  const mark = `${randomUUID()} `
  const { exitCode, output } = await runHelper(engine, {
    image,
    command: ['/bin/sh', '-c', SCRIPT, 'sh', mark, ...kept],
    labels: objectLabels(home, lab, 'helper'),
    mounts: kept.map((node) => ({
      type: 'volume' as const,
      volume: nodeVolumeName(lab, node),
      subpath: posix.relative('/', VOLUME_PATH),
      target: posix.join(DISKS, node),
      readOnly: true,
    })),
  })
  if (exitCode === 0) return parseKeptTimelines(output, mark)
  const message = `reading the disks of ${kept.join(', ')} ended with exit code ${exitCode}`
  throw new LabError({ kind: 'Unavailable', message })
}

/** Pure. What follows the mark on its line is the node that the next lines are of; lines before the first mark are nobody's. */
export function parseKeptTimelines(output: string, mark: string): TimelineEntry[] {
  let node: string | undefined
  return output.split('\n').flatMap((line) => {
    if (!line.startsWith(mark)) return node === undefined ? [] : readEntry(line, node)
    node = line.slice(mark.length)
    return []
  })
}

function readEntry(line: string, node: string): TimelineEntry[] {
  try {
    const entry: unknown = JSON.parse(line)
    return isEntry(entry) ? [{ ...entry, node }] : []
  } catch {
    // Torn by a power cut, or by the limit.
    return []
  }
}

/** As far as sorting and filtering need it: windows check the rest, since a running node may say anything, too. */
function isEntry(value: unknown): value is TimelineEntry {
  if (typeof value !== 'object' || value === null) return false
  const { boot, sequence, time, reason, message, pod } = value as Partial<Record<keyof TimelineEntry, unknown>>
  const isPod = pod === undefined || (typeof pod === 'object' && pod !== null)
  return isPod && typeof sequence === 'number' && [boot, time, reason, message].every((one) => typeof one === 'string')
}
