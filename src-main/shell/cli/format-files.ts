/** Files of a manifest folder, and the kubelet's verdicts on them, as text for people. */
import type { FileVerdict } from '../../common/lab/file-verdict.ts'
import type { JudgedManifest } from '../../lab/lab-manager.ts'
import { formatTable, printable } from './output.ts'

/**
 * Files with their verdicts; what is wrong stands under the file, in words.
 * @param whenEmpty what to say when there is none
 */
export function formatFiles(
  files: readonly FileVerdict[],
  whenEmpty = 'The folder is empty. Copy a Pod manifest into it.',
): string[] {
  if (files.length === 0) return [whenEmpty]
  const rows = files.map((file) => [file.name, file.state, file.reason, file.pod?.name ?? ''])
  const [header = '', ...lines] = formatTable(['FILE', 'VERDICT', 'REASON', 'POD'], rows)
  return [header, ...files.flatMap((file, index) => [lines[index] ?? '', ...remarks(file)])]
}

/** What there is to say of a file, indented: why no pod came from it, and what the kubelet passes over. */
function remarks(file: FileVerdict): string[] {
  const explanation = file.state === 'accepted' ? [] : [`   ${placeOf(file)}${printable(file.explanation)}`]
  const warnings = file.warnings.map((warning) => `   note: ${placeOf(warning)}${printable(warning.message)}`)
  return [...explanation, ...warnings]
}

function placeOf({ line, column }: { line?: number; column?: number }): string {
  if (line === undefined) return ''
  return column === undefined ? `line ${line}: ` : `line ${line}, column ${column}: `
}

/** What came of a file that was written, and whether that is what was wanted: a pod, or one when the kubelet starts. */
export function describeApplied(
  { name, replaced, verdict }: JudgedManifest,
  node: string,
): { isDone: boolean; lines: string[] } {
  const written = `${name} is ${replaced ? 'replaced' : 'placed'} on ${node}`
  if (verdict === undefined)
    return {
      isDone: false,
      lines: [`${written}, but its kubelet has not said what it makes of it. It may read another folder.`],
    }
  const { state, reason, pod, explanation } = verdict
  switch (state) {
    case 'accepted':
      return {
        isDone: true,
        lines: [`${written}: pod ${pod?.namespace ?? ''}/${pod?.name ?? ''}.`, ...remarks(verdict)],
      }
    case 'unread':
      return { isDone: reason === 'KubeletNotRunning', lines: [`${written}. ${printable(explanation)}`] }
    case 'rejected':
    case 'stale':
    case 'ignored':
    case 'shadowed':
      return { isDone: false, lines: [`${written}, but no pod comes from it (${reason}):`, ...remarks(verdict)] }
  }
}
