import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HomeLayout } from '../store/home.ts'
import { LabStore } from '../store/lab-store.ts'
import { TestHome } from '../testing/test-home.ts'
import { rebuildLabSpec } from './rebuild-lab-spec.ts'

let home: TestHome

beforeEach(() => {
  home = new TestHome()
})
afterEach(() => home.dispose())

describe('given a lab whose lab.yaml and certificates were lost, with the manifest of an API server', () => {
  it('when the first attempt to write it anew was killed, then the second chooses no control plane either', async () => {
    await (await home.manager()).up('t', { nodes: 1 })
    const layout = new HomeLayout(home.folder)
    rmSync(layout.labFile('t'))
    writeFileSync(path.join(layout.manifests('t', 'node01'), 'kube-apiserver.yaml'), 'kind: Pod')
    mkdirSync(layout.pki('t'), { recursive: true })
    const choices = { usedSubnets: [], nextPort: () => Promise.resolve(30000) }
    const rebuilt = await rebuildLabSpec({ store: new LabStore(layout) }, home.engine, 't', () =>
      Promise.resolve(choices),
    )
    expect(rebuilt?.note).toEqual({ kind: 'lab-file', nodes: ['node01'], controlPlane: 'none' })
  })
})
