import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import type { Pod } from '../../common/api/core.ts'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import { CriError } from '../../container-runtime/cri.ts'
import { SimulatedRuntime } from '../../container-runtime/simulated/simulated-runtime.ts'
import { aManifest } from '../testing/new-test-kubelet.ts'
import { instrumentImages, instrumentRuntime } from './instrument-service.ts'
import { KubeletMetrics } from './kubelet-metrics.ts'
import { formatMetrics } from '../../base/metric.ts'
import { watchPodStarts } from './watch-pod-starts.ts'

describe('given the services of a runtime', () => {
  it('when they are called, then calls are counted and timed under upstream’s names, and answers stay what they were', async () => {
    const clock = new FakeClock()
    const runtime = new SimulatedRuntime({ clock, images: [{ reference: 'busybox', present: true }] })
    const metrics = new KubeletMetrics()
    const onOperation = metrics.onRuntimeOperation.bind(metrics)
    const counted = instrumentRuntime(runtime, { clock, onOperation })
    const images = instrumentImages(runtime.images, { clock, onOperation })
    runtime.setLatency('listPodSandbox', 2000)
    const listed = counted.listPodSandbox()
    await clock.advance(2000)
    expect(await listed).toEqual([])
    runtime.failNext('version', new CriError('Unavailable', 'gone'))
    await expect(counted.version()).rejects.toThrow('gone')
    expect(await images.listImages()).toHaveLength(1)
    const text = formatMetrics(metrics.families())
    expect(text).toContain('kubelet_runtime_operations_total{operation_type="list_podsandbox"} 1\n')
    expect(text).toContain('kubelet_runtime_operations_duration_seconds_sum{operation_type="list_podsandbox"} 2\n')
    expect(text).toContain('kubelet_runtime_operations_errors_total{operation_type="version"} 1\n')
    expect(text).toContain('kubelet_runtime_operations_total{operation_type="list_images"} 1\n')
    expect(text).not.toContain('errors_total{operation_type="list_podsandbox"}')
  })
})

describe('given pods that start', () => {
  it('when one runs, then the time since its first sight is told once; one that never ran is not', async () => {
    const clock = new FakeClock()
    const listeners: (() => void)[] = []
    let recorded: (entries: readonly TimelineEntry[]) => void = () => undefined
    let pods: Pod[] = []
    const started: number[] = []
    const nothing = { dispose: () => undefined }
    watchPodStarts(
      { desiredPods: () => pods, onDidChange: (listener) => (listeners.push(listener), nothing) },
      { onDidAdd: (listener) => ((recorded = listener), nothing) },
      clock,
      (durationMs) => started.push(durationMs),
    )
    const add = (uid: string): void =>
      recorded([{ reason: 'PodAdded', pod: { namespace: 'default', name: uid, uid } } as TimelineEntry])
    const show = (uid: string, phase: 'Pending' | 'Running' | 'Failed'): void => {
      pods = [{ ...aManifest(uid, {}, { uid }), status: { phase } }]
      for (const listener of listeners) listener()
    }
    add('a')
    show('a', 'Pending')
    await clock.advance(1500)
    add('b')
    show('b', 'Failed')
    show('b', 'Running')
    expect(started).toEqual([])
    show('a', 'Running')
    show('a', 'Running')
    expect(started).toEqual([1500])
  })
})
