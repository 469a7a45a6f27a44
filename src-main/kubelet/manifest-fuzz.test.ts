/** Ten thousand damaged manifests: each gets a verdict in words and little time, and no other pod notices. `NODE_LAB_SEED` replays a run. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cpuTimeMs } from '../base/testing/cpu-time.ts'
import { readStaticPod } from '../common/manifest/read-static-pod.ts'
import type { StaticPodResult } from '../common/manifest/read-static-pod.ts'
import { mutatedManifests } from './testing/manifest-fuzz/mutated-manifests.ts'
import { aManifest, newTestKubelet } from './testing/new-test-kubelet.ts'

const MANIFESTS = 10_000
const IN_A_FOLDER = 300
/** Of a core; a healthy one takes 1. What comes near it is no accident of the machine. */
const MOST_CPU_MS = 1500

const given = process.env['NODE_LAB_SEED']
const seed = given === undefined ? Math.trunc(Math.random() * 2 ** 31) : Number(given)

describe('damaged manifests', () => {
  it('given any of them, then it is a pod or it is refused in words, within its time', { timeout: 600_000 }, () => {
    const states = { accepted: 0, refused: 0 }
    fc.assert(
      fc.property(mutatedManifests(), (bytes) => {
        let result: StaticPodResult | undefined
        const context = {
          nodeName: 'node01',
          path: '/etc/kubernetes/manifests/fuzzed.yaml',
          seen: '2026-01-01T00:00:00Z',
        }
        expect(cpuTimeMs(() => (result = readStaticPod(bytes, context)))).toBeLessThan(MOST_CPU_MS)
        if (result?.ok === true) {
          states.accepted += 1
          expect(result.pod.metadata).toMatchObject({
            name: expect.stringMatching(/-node01$/),
            uid: expect.stringMatching(/./),
          })
          return
        }
        states.refused += 1
        expect(result).toMatchObject({
          message: expect.stringMatching(/\S/),
          explanation: expect.stringMatching(/\S{2}/),
        })
        expect(result?.message.length).toBeLessThan(20_000)
      }),
      { seed, numRuns: MANIFESTS },
    )
    console.log(`NODE_LAB_SEED=${seed}: ${states.accepted} pods, ${states.refused} refused`)
    // Damage that spares nothing, or everything, would show nothing.
    expect(Math.min(states.accepted, states.refused)).toBeGreaterThan(MANIFESTS / 20)
  })

  it(
    'given hundreds of them in the folder, one after another and some at once, then every file has its verdict and the pod beside them is untouched',
    {
      timeout: 600_000,
    },
    async () => {
      await using node = await newTestKubelet()
      await node.write('bystander.yaml', aManifest('bystander'))
      const before = node.container('c', 'bystander')
      const files = fc.sample(mutatedManifests(), { seed, numRuns: IN_A_FOLDER })
      const names = ['fuzz-1.yaml', 'fuzz-2.yaml', 'fuzz-3.yaml']
      for (const [index, bytes] of files.entries()) {
        const name = names[index % names.length] ?? ''
        writeFileSync(join(node.folder, name), bytes)
        node.announce(name)
        await node.pass(index % 5 === 0 ? 0 : 1000)
      }
      await node.pass(25_000)
      expect(node.kubelet.files().map(({ name }) => name)).toEqual(['bystander.yaml', ...names])
      for (const { explanation } of node.kubelet.files()) expect(explanation).not.toBe('')
      expect(node.container('c', 'bystander')).toEqual(before)
      for (const name of names) rmSync(join(node.folder, name))
      node.announce(...names)
      await node.pass(130_000)
      expect(node.podNames()).toEqual(['bystander-node01'])
      expect(node.runtime.population).toEqual({ sandboxes: 1, containers: 1 })
      expect(node.container('c', 'bystander')).toEqual(before)
    },
  )
})
