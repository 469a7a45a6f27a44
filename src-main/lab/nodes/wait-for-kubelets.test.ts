import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TestHome } from '../testing/test-home.ts'

let home: TestHome
beforeEach(() => {
  home = new TestHome()
})
afterEach(() => home.dispose())

/** An `up` whose kubelets never answer, at the point where it waits for them. */
async function waitingUp(): Promise<{ up: Promise<unknown> }> {
  home.channels.stoppedKubelets.add('node-lab.t.node01').add('node-lab.t.node02')
  const waits = Promise.withResolvers<void>()
  const manager = await home.manager()
  const up = manager.up('t', {
    nodes: 2,
    onProgress: ({ message }) => {
      if (message.startsWith('waiting for the kubelet')) waits.resolve()
    },
  })
  // Told of by whoever awaits it below.
  up.catch(() => undefined)
  await waits.promise
  return { up }
}

describe('given an `up` that waits for kubelets', () => {
  it('when another process deletes the lab, then it ends at once and says so', async () => {
    const { up } = await waitingUp()
    await (await home.manager()).delete('t')
    await expect(up).rejects.toMatchObject({
      kind: 'Conflict',
      message: expect.stringMatching(/the lab "t" was deleted/) as string,
    })
  })

  it('when another process stops the lab, then it ends at once and says so', async () => {
    const { up } = await waitingUp()
    await (await home.manager()).down('t')
    await expect(up).rejects.toMatchObject({
      kind: 'Conflict',
      message: expect.stringMatching(/the node node0\d .*was stopped/) as string,
    })
  })

  it('when a kubelet was stopped on its node, then it ends soon and says how to start it', async () => {
    home.engine.execOutput = 'inactive\n'
    const { up } = await waitingUp()
    await expect(up).rejects.toMatchObject({
      kind: 'Conflict',
      message: expect.stringMatching(/the kubelet of node0\d was stopped on the node/) as string,
      remedy: expect.stringMatching(/node restart-kubelet node0\d --lab t/) as string,
    })
  })

  it('when another process removes a node, then it ends at once and names it', async () => {
    const { up } = await waitingUp()
    await (await home.manager()).removeNode({ lab: 't', node: 'node02' })
    await expect(up).rejects.toMatchObject({
      kind: 'Conflict',
      message: expect.stringMatching(/the node node02 .*was removed/) as string,
    })
  })
})

describe('given a node that is off', () => {
  it('when its kubelet is restarted, then the answer says how to start the node', async () => {
    const manager = await home.manager()
    await manager.up('t', { nodes: 1 })
    await manager.stopNode({ lab: 't', node: 'node01' })
    await expect(manager.restartKubelet({ lab: 't', node: 'node01' })).rejects.toMatchObject({
      kind: 'Conflict',
      remedy: expect.stringMatching(/node start node01/) as string,
    })
  })
})
