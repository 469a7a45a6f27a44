import { describe, expect, it } from 'vitest'
import { applyDefaultImageTag } from '../../src-main/common/api/image-reference.ts'
import { MAX_MANIFEST_BYTES, READ_LIMIT_MESSAGE } from '../../src-main/common/manifest/decode-manifest.ts'
import { readStaticPod } from '../../src-main/common/manifest/read-static-pod.ts'
import { GOLDEN_MANIFESTS_PATH, GOLDEN_NODE_NAME, loadInvalidFileCases } from './invalid-files.ts'

const RECORDED_CASES = 51
const SEEN = '2026-01-01T00:00:00.123456789Z'

const cases = loadInvalidFileCases()
/** Cases that the content decides; the rest is decided by the reader of the folder and tested with it. */
const byContent = cases.filter(
  ({ entry, expected }) =>
    (entry === 'file' || entry === 'symlink') && expected.reason !== 'DotFile' && expected.reason !== 'TooLarge',
)

describe('files in a manifest folder, as recorded', () => {
  it('given the recording, then every case of it is here', () => {
    expect(new Set(cases.map(({ title }) => title)).size).toBe(RECORDED_CASES)
  })

  it.each(byContent)('given $title, when read as a static pod, then the decision is the recorded one', (example) => {
    const path = `${GOLDEN_MANIFESTS_PATH}/${example.file}`
    const result = readStaticPod(example.content, { path, nodeName: GOLDEN_NODE_NAME, seen: SEEN })
    const { expected } = example
    expect(result.ok ? 'accepted' : 'rejected').toBe(expected.state)
    if (expected.warnings !== undefined) expect(result.warnings.map(({ reason }) => reason)).toEqual(expected.warnings)
    if (result.ok) {
      const { namespace, name, uid } = result.pod.metadata
      expect(`${namespace}/${name}`).toBe(expected.pod)
      expect(uid).toMatch(expected.uid === undefined ? /^[0-9a-f]{32}$/ : new RegExp(`^${expected.uid}$`))
      expect(result.pod.spec.nodeName).toBe(GOLDEN_NODE_NAME)
      expect(result.pod.status).toEqual({ phase: 'Pending' })
    } else {
      expect(result.message).toBe(expected.message)
      expect(result.reason).toBe(expected.reason)
      expect(result.explanation).toContain(expected.explanation ?? '')
      if (expected.line !== undefined) expect(result.line).toBe(expected.line)
    }
  })

  it('given an image name in capitals, then the pod is accepted and the name is refused in the recorded words', () => {
    const example = cases.find(({ container }) => container !== undefined)
    const tagged = applyDefaultImageTag('Bad:IMG:x')
    const message = tagged.ok ? '' : `Failed to apply default image tag "Bad:IMG:x": ${tagged.message}`
    expect(message).toBe(example?.container?.message)
  })

  it('given a file above the read limit, then the constants are those of the case', () => {
    const example = cases.find(({ expected }) => expected.reason === 'TooLarge')
    expect(example?.content.length).toBeGreaterThan(MAX_MANIFEST_BYTES)
    expect(example?.expected.message).toBe(READ_LIMIT_MESSAGE)
  })
})
