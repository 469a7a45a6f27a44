import { describe, expect, it } from 'vitest'
import type { LabStatus } from '../../../common/lab/lab-status.ts'
import type { TimelineEntry } from '../../../common/lab/timeline-entry.ts'
import { runWords } from '../testing/run-words.ts'

const pod = {
  metadata: { name: 'web-node01', namespace: 'default', uid: 'u' },
  spec: { nodeName: 'node01', containers: [{ name: 'nginx' }] },
  status: { phase: 'Running' as const },
}

describe('given a lab with pods', () => {
  it('given pods, when asked for JSON, then a v1 PodList is printed', async () => {
    const { printed } = await runWords(['pods', '-o', 'json'], { pods: () => Promise.resolve([pod]) })
    expect(JSON.parse(printed.join('\n'))).toEqual({ apiVersion: 'v1', kind: 'PodList', metadata: {}, items: [pod] })
  })

  it('given simulated nodes, when pods are asked for, then it is said how to see theirs; those of one are listed', async () => {
    const simulatedNodes: LabStatus['simulatedNodes'] = {
      count: 3,
      names: ['sim001-sim003'],
      container: 'running',
      manifestsPath: '/m',
    }
    const lab: LabStatus = { name: 'default', state: 'running', folder: '/l', subnet: '', nodes: [], simulatedNodes }
    const simulated = {
      ...pod,
      metadata: { ...pod.metadata, name: 'agent-x7k0p' },
      spec: { ...pod.spec, nodeName: 'sim002' },
    }
    const manager = {
      pods: () => Promise.resolve([pod]),
      labStatus: () => Promise.resolve(lab),
      apiPodsOf: async ({ node }: { node: string }) => (node === 'sim002' ? [simulated] : []),
    }
    const { printed } = await runWords(['pods'], manager)
    expect(printed.slice(1)).toEqual([
      expect.stringContaining('web-node01'),
      expect.stringMatching(/^note: The pods of 3 simulated nodes .* node-lab pods sim001 .* get pods -A -o wide$/),
    ])
    expect((await runWords(['pods', 'sim002'], manager)).printed.at(-1)).toMatch(/^agent-x7k0p .* sim002$/)
    await expect(runWords(['pods', 'sim002', '--watch'], manager)).rejects.toThrow('get pods -A -w')
    const { printed: json } = await runWords(['pods', '-o', 'json'], manager)
    expect(JSON.parse(json.join('\n'))).toMatchObject({ items: [pod] })
  })

  it('given a command after --, when it is run in a container, then its exit code is ours', async () => {
    const seen: string[][] = []
    const { exitCode } = await runWords(['exec', 'web-node01', '--lab', 'x', '--', 'sh', '-c', 'exit 7'], {
      pods: () => Promise.resolve([pod]),
      exec: (target, options) => {
        seen.push([target.lab, target.node, target.pod, ...options.command])
        return Promise.resolve(7)
      },
    })
    expect(seen).toEqual([['x', 'node01', 'web-node01', 'sh', '-c', 'exit 7']])
    expect(exitCode).toBe(7)
  })
})

describe('given a timeline', () => {
  it('given what people did, when the timeline is asked for, then text has it, and JSON only with --actions', async () => {
    const action = {
      id: '1',
      lab: 'default',
      kind: 'KubeletStopped',
      time: '2026-01-01T10:00:00.000Z',
      node: 'node01',
    } as const
    const manager = { timeline: () => Promise.resolve([]), actions: () => Promise.resolve([action]) }
    const table = (await runWords(['timeline', '-o', 'table'], manager)).printed
    expect(table).toEqual(['10:00:00.000 > node01  KubeletStopped by you'])
    const [day, line] = (await runWords(['timeline'], manager)).printed
    expect([day, line?.slice(8)]).toEqual(['2026-01-01', ' > You stopped the kubelet: node01.'])
    expect((await runWords(['timeline', '--since', '2026-01-02T00:00:00Z'], manager)).printed).toEqual([])
    await expect(runWords(['timeline', '--since', 'yesterday'], manager)).rejects.toThrow('--since takes a time')
    expect((await runWords(['timeline', '-o', 'json'], manager)).printed).toEqual(['[]'])
    const { printed } = await runWords(['timeline', '-o', 'json', '--actions'], manager)
    expect(JSON.parse(printed.join('\n'))).toEqual([action])
  })

  it('given a pod of which nothing is known, when its timeline is asked for, then near ones are named and it fails', async () => {
    const entry: TimelineEntry = {
      ...{ node: 'node01', boot: 'b', sequence: 1, time: '2026-01-01T10:00:00.000Z', type: 'Normal', subject: 'pod' },
      ...{ reason: 'Scheduled', message: 'there', pod: { namespace: 'default', name: 'web-node01', uid: 'u' } },
    }
    const manager = { timeline: () => Promise.resolve([entry]), actions: () => Promise.resolve([]) }
    await expect(runWords(['timeline', 'web'], manager)).rejects.toMatchObject({
      kind: 'NotFound',
      remedy: 'Do you mean web-node01?',
    })
    await expect(runWords(['timeline', 'nosuch', '-o', 'table'], manager)).rejects.toMatchObject({
      kind: 'NotFound',
      remedy: 'There are: web-node01.',
    })
    expect((await runWords(['timeline', 'nosuch', '-o', 'json'], manager)).printed).toEqual(['[]'])
  })
})
