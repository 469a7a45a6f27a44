/**
 * Files of nodes' volumes, whether the nodes run or not. Nodes and pods write there, so nothing is followed: a path that leads
 * through a link is passed over, and only regular files are opened, by a helper that has no network and may not write.
 */
import { randomUUID } from 'node:crypto'
import { LabError } from '../../common/lab-error.ts'
import { nodeVolumeName } from '../../common/node-layout.ts'
import type { Engine } from '../engine/engine.ts'
import { findToolImage } from '../engine/find-tool-image.ts'
import { runHelper } from '../engine/run-helper.ts'
import { objectLabels } from '../reconcile/container-specs.ts'

const DISKS = '/disks'
const MAX_FILES = 2000
const MAX_FILE_BYTES = 10 * 1024 * 1024
const MAX_TOTAL_BYTES = 48 * 1024 * 1024

/** Arguments: the mark, then paths. Prints `mark file PATH` and base64, or `mark large PATH` (of a folder: it has more files than are read), `mark other PATH`. */
export const READ_SCRIPT = `mark="$1"; shift
total=0
for path; do
  [ "$(readlink -f "$path")" = "$path" ] || { [ -L "$path" ] && echo "$mark other $path"; continue; }
  find "$path" -maxdepth 1 ! -type d 2>/dev/null | sort | awk -v most=${MAX_FILES} -v cut="$mark large $path" \
    'NR <= most { print } NR == most + 1 { print cut }'
done | while IFS= read -r file; do
  if [ -L "$file" ] || [ ! -f "$file" ]; then case "$file" in "$mark"*) echo "$file";; *) echo "$mark other $file";; esac; continue; fi
  size=$(wc -c <"$file")
  if [ "$size" -gt ${MAX_FILE_BYTES} ] || [ "$((total + size))" -gt ${MAX_TOTAL_BYTES} ]; then echo "$mark large $file"; continue; fi
  total=$((total + size))
  echo "$mark file $file"
  base64 "$file"
done`

export interface VolumeFiles {
  /** Path on the node → content. */
  files: Map<string, Buffer>
  /** What was asked for and cannot be had. */
  passedOver: { path: string; why: 'too-large' | 'not-a-file' }[]
}

export interface VolumeReading {
  home: string
  lab: string
  /** Node → paths on it: files, or folders of which the files are read. */
  wanted: ReadonlyMap<string, readonly string[]>
}

/** By node; those that have no volume are left out by the caller. @throws LabError when the helper cannot be run, or fails */
export async function readVolumeFiles(
  engine: Engine,
  { home, lab, wanted }: VolumeReading,
): Promise<Map<string, VolumeFiles>> {
  const result = new Map([...wanted.keys()].map((node) => [node, { files: new Map(), passedOver: [] } as VolumeFiles]))
  const paths = [...wanted].flatMap(([node, own]) => own.map((path) => `${DISKS}/${node}${path}`))
  if (paths.length === 0) return result
  const image = await findToolImage(engine)
  if (image === undefined)
    throw new LabError({
      kind: 'Unavailable',
      message: 'there is no image of Node Lab with which the nodes’ disks could be read',
      remedy: `Start the lab once: node-lab up --lab ${lab}`,
    })
  const mark = randomUUID()
  const { exitCode, output } = await runHelper(engine, {
    image,
    command: ['/bin/sh', '-c', READ_SCRIPT, 'sh', mark, ...paths],
    labels: objectLabels(home, lab, 'helper'),
    mounts: [...wanted.keys()].map((node) => ({
      type: 'volume' as const,
      volume: nodeVolumeName(lab, node),
      target: `${DISKS}/${node}`,
      readOnly: true,
    })),
  })
  if (exitCode !== 0)
    throw new LabError({
      kind: 'Unavailable',
      message: `reading the disks of the lab "${lab}" failed: ${output.trim()}`,
    })
  fill(result, output, mark)
  return result
}

function fill(result: ReadonlyMap<string, VolumeFiles>, output: string, mark: string): void {
  for (const part of output.split(`${mark} `).slice(1)) {
    const [head = '', ...lines] = part.split('\n')
    const [, state = '', node = '', path = ''] = /^(\w+) \/disks\/([^/]+)(\/.*)$/.exec(head) ?? []
    const own = result.get(node)
    if (own === undefined) continue
    if (state === 'file') own.files.set(path, Buffer.from(lines.join(''), 'base64'))
    else own.passedOver.push({ path, why: state === 'large' ? 'too-large' : 'not-a-file' })
  }
}
