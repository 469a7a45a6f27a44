/** Which question about a lab as a whole is open: it can be asked from the list of labs, the board and the palette. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

export type LabDialog =
  | { kind: 'rename' | 'clone' | 'delete'; lab: string }
  /** `file`: one that was dropped onto the window. */
  | { kind: 'import'; file?: File }

export const useLabDialogStore = defineStore('lab-dialog', () => {
  const open = shallowRef<LabDialog>()

  function show(dialog: LabDialog): void {
    open.value = dialog
  }

  function close(): void {
    open.value = undefined
  }

  return { open, show, close }
})
