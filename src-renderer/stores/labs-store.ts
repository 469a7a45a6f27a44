/** The engine, the labs, and which lab is looked at. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { EngineStatus, LabStatus, NodeStatus } from '@common/lab/lab-status.ts'
import { MANIFESTS_PATH } from '@common/node-channel.ts'
import { readsAtOnce, watchedFolder } from '../model/node-reading.ts'
import { readSetting, writeSetting } from './stored-setting.ts'

export const DEFAULT_LAB = 'default'
const CHOSEN_LAB_KEY = 'node-lab.lab'

export const useLabsStore = defineStore('labs', () => {
  const engine = shallowRef<EngineStatus>()
  const labs = shallowRef<ReadonlyMap<string, LabStatus>>(new Map())
  /** False until the first list has come: "no lab" is then not yet known. */
  const isLoaded = ref(false)
  const chosen = ref(readSetting(CHOSEN_LAB_KEY))

  const names = computed(() => [...labs.value.keys()].toSorted())
  const current = computed(() => {
    const wanted = chosen.value === null ? undefined : labs.value.get(chosen.value)
    return wanted ?? labs.value.get(DEFAULT_LAB) ?? labs.value.get(names.value[0] ?? '')
  })

  function nodeOf(lab: string, node: string): NodeStatus | undefined {
    return labs.value.get(lab)?.nodes.find(({ name }) => name === node)
  }

  /** False also for a node that is not known. */
  function isReadAtOnce(lab: string, node: string): boolean {
    const status = nodeOf(lab, node)
    return status !== undefined && readsAtOnce(status)
  }

  /** Where the node's kubelet reads manifests; the usual folder while nobody can be asked. */
  function folderOf(lab: string, node: string): string {
    const status = nodeOf(lab, node)
    return (status === undefined ? undefined : watchedFolder(status)) ?? MANIFESTS_PATH
  }

  function setEngine(status: EngineStatus): void {
    engine.value = status
  }

  function setAll(list: readonly LabStatus[]): void {
    labs.value = new Map(list.filter(({ state }) => state !== 'absent').map((lab) => [lab.name, lab]))
    isLoaded.value = true
  }

  function setLab(lab: LabStatus): void {
    if (lab.state === 'absent') return removeLab(lab.name)
    labs.value = new Map([...labs.value, [lab.name, lab]])
  }

  function removeLab(name: string): void {
    labs.value = new Map([...labs.value].filter(([key]) => key !== name))
  }

  function choose(name: string): void {
    chosen.value = name
    writeSetting(CHOSEN_LAB_KEY, name)
  }

  return {
    engine,
    labs,
    names,
    current,
    isLoaded,
    isReadAtOnce,
    nodeOf,
    folderOf,
    setEngine,
    setAll,
    setLab,
    removeLab,
    choose,
  }
})
