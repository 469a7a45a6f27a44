/** The container runtime of one simulated node: believable times, and no secret made of it that nothing runs. */
import { appendFileSync } from 'node:fs'
import type { Clock } from '../../base/clock.ts'
import type { ContainerBehaviour } from '../../container-runtime/simulated/behaviour.ts'
import { SimulatedRuntime } from '../../container-runtime/simulated/simulated-runtime.ts'
import { computeBehaviour } from './compute-behaviour.ts'

/** How long containers take to start, and images to arrive. */
const START_MS = { least: 100, most: 500 }
const PULL_MS = { least: 100, most: 800 }
/** Addresses of a node's pods: its last byte's. */
const POD_ADDRESSES = 254

const LOG_LINE = 'This container is simulated by Node Lab: nothing runs in it, and this line is all that it writes.'

export interface NodeRuntimeOptions {
  clock: Clock
  /** 0 to 1. */
  random: () => number
  nodeName: string
  /** Of the node among the simulated ones, from 1. */
  number: number
}

export function makeNodeRuntime({ clock, random, nodeName, number }: NodeRuntimeOptions): SimulatedRuntime {
  const between = ({ least, most }: { least: number; most: number }): number =>
    Math.round(least + random() * (most - least))
  let lastPod = 0
  const runtime: SimulatedRuntime = new SimulatedRuntime({
    clock,
    isRecording: false,
    // Every image can be had: whether it exists, only a registry could tell.
    registry: (reference) => ({ reference, present: false, pullMs: between(PULL_MS) }),
    podAddress: () => {
      const used = new Set(runtime.contents.sandboxes.map(({ ip }) => ip))
      let address: string
      do address = computePodAddress(number, (lastPod = (lastPod % POD_ADDRESSES) + 1))
      while (used.has(address) && used.size < POD_ADDRESSES)
      return address
    },
    behaviour: (config, sandbox): ContainerBehaviour => ({
      ...computeBehaviour([...config.command, ...config.args]),
      startMs: between(START_MS),
      onStart: () => writeLogLine(clock, `${sandbox.logDirectory}/${config.logPath}`),
    }),
    noStreams: `${nodeName} is a simulated node: nothing runs in its containers, so there is nothing to connect to`,
  })
  return runtime
}

/** Of the range for benchmarks of network devices (RFC 2544), which leads nowhere on any network. */
export function computePodAddress(node: number, pod: number): string {
  return `198.${18 + (node >> 8)}.${node & 255}.${pod}`
}

/** In CRI's format. */
function writeLogLine(clock: Clock, path: string): void {
  appendFileSync(path, `${new Date(clock.now()).toISOString()} stdout F ${LOG_LINE}\n`)
}
