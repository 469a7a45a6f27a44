/**
 * Files as large as a kubelet reads them. While it decodes one it does nothing else, so none may take it more than about
 * a second of a core. The measure is the time that the bare text takes to decode, which is 0.1 s for 10 MiB.
 */
import { describe, expect, it } from 'vitest'
import { cpuTimeMs } from '../base/testing/cpu-time.ts'
import { decodeText } from '../common/manifest/decode-text.ts'
import { MAX_MANIFEST_BYTES } from '../common/manifest/decode-manifest.ts'
import { readStaticPod } from '../common/manifest/read-static-pod.ts'
import type { StaticPodResult } from '../common/manifest/read-static-pod.ts'

const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: c\n    image: nginx\n'
/** A quiet core needs 2 to 6 times the text's time; a line by line parse of blank lines took 100 times. */
const MOST_TIMES_THE_TEXT = 25

const CONTEXT = { nodeName: 'node01', path: '/etc/kubernetes/manifests/big.yaml', seen: '2026-01-01T00:00:00Z' }

/** As much of `piece` as a file may hold beside the pod. */
function filled(piece: string): string {
  return piece.repeat(Math.floor((MAX_MANIFEST_BYTES - POD.length - 100) / piece.length))
}

function read(text: string): StaticPodResult {
  const bytes = new TextEncoder().encode(text)
  expect(bytes.length).toBeLessThanOrEqual(MAX_MANIFEST_BYTES)
  const textMs = cpuTimeMs(() => decodeText(bytes))
  let result: StaticPodResult | undefined
  const wholeMs = cpuTimeMs(() => (result = readStaticPod(bytes, CONTEXT)))
  expect(wholeMs).toBeLessThan(MOST_TIMES_THE_TEXT * Math.max(40, textMs))
  if (result === undefined) throw new Error('nothing was read')
  return result
}

describe('a large manifest', () => {
  it.each([
    ['comments before the pod', filled('# filler\n') + POD],
    ['comments behind it', POD + filled('# filler\n')],
    ['short comments before it', filled('#\n') + POD],
    ['blank lines before it', filled('\n') + POD],
    ['blank lines behind it', POD + filled('\n')],
    ['lines of blanks within it', POD.replace('spec:', `${filled('  \n')}spec:`)],
    ['blank lines of Windows', POD + filled('\r\n')],
    ['comments in a list', `${POD}    args: [\n${filled('# c\n')}      x]\n`],
    ['one long comment', `#${filled('x')}\n${POD}`],
    ['100,000 documents behind the pod', `${POD}${'---\na: b\n'.repeat(100_000)}`],
  ])('given %s, then the pod is read as ever', (_name, text) => {
    expect(read(text)).toMatchObject({ ok: true, pod: { metadata: { name: 'web-node01' } } })
  })

  it.each([
    ['lines of tabs', POD + filled('\t\n')],
    ['short runs of comments', POD + filled(`${'#\n'.repeat(11)}a:\n`)],
    ['a block scalar', `${POD}x: |\n${filled('  x\n')}`],
    ['a block scalar of comments', `${POD}x: |\n${filled('  # x\n')}`],
    ['quotes over comments', `${POD}x: "\n${filled('  # x\n')}`],
    [
      'quotes that end amid comments, again and again',
      `${POD}${filled(`x: "\n${'  #\n'.repeat(11)}  # "\n${'#\n'.repeat(12)}`)}`,
    ],
    ['one long word', `${POD}x: ${filled('x')}`],
    ['a list on one line', `${POD}x: [${filled('a,')}]`],
    ['many keys', POD + filled('a:\n')],
    ['more and more indentation', Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}k:`).join('\n')],
    ['directives', filled('%YAML 1.1\n') + POD],
    ['JSON with blanks', `{"apiVersion":"v1",${filled(' ')}"kind":"Pod"}`],
    [
      'JSON with many keys',
      `{"apiVersion":"v1","kind":"Pod"${Array.from({ length: 45_000 }, (_, at) => `,"k${at}":1`).join('')}}`,
    ],
  ])('given %s, then it is refused in words', (_name, text) => {
    const result = read(text)
    expect(result.ok).toBe(false)
    expect(!result.ok && result.explanation).not.toBe('')
    expect(!result.ok && result.message.length).toBeLessThan(5000)
  })
})
