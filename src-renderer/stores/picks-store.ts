/** Nodes and files that were picked, so that one gesture is about all of them; and the files that Ctrl+X or Ctrl+C took. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

export interface FileReference {
  node: string
  name: string
}

export interface FileClip {
  mode: 'cut' | 'copy'
  lab: string
  files: readonly FileReference[]
  /** What went to the system's clipboard for other programs; `undefined` when that is not allowed here. */
  text: string | undefined
}

export const usePicksStore = defineStore('picks', () => {
  const nodes = ref<readonly string[]>([])
  const files = ref<readonly FileReference[]>([])
  const clip = shallowRef<FileClip>()
  const isEmpty = computed(() => nodes.value.length === 0 && files.value.length === 0)

  function hasFile({ node, name }: FileReference): boolean {
    return files.value.some((one) => one.node === node && one.name === name)
  }

  function toggleNode(node: string): void {
    nodes.value = nodes.value.includes(node) ? nodes.value.filter((one) => one !== node) : [...nodes.value, node]
  }

  function toggleFile(file: FileReference): void {
    files.value = hasFile(file)
      ? files.value.filter((one) => one.node !== file.node || one.name !== file.name)
      : [...files.value, file]
  }

  function clear(): void {
    nodes.value = []
    files.value = []
  }

  /** What a gesture on one file is about: all picked ones if it is among them, itself alone otherwise. */
  function withFile(file: FileReference): readonly FileReference[] {
    return hasFile(file) ? files.value : [file]
  }

  /** The same for nodes. */
  function withNode(node: string): readonly string[] {
    return nodes.value.includes(node) ? nodes.value : [node]
  }

  function isCut({ node, name }: FileReference): boolean {
    return clip.value?.mode === 'cut' && clip.value.files.some((one) => one.node === node && one.name === name)
  }

  return { nodes, files, clip, isEmpty, hasFile, toggleNode, toggleFile, clear, withFile, withNode, isCut }
})
