/** What each node's kubelet says now: files with verdicts, and pods. Replaced node by node, never changed in place. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { FileVerdict } from '@common/lab/file-verdict.ts'
import type { NodeView } from '@common/lab/lab-status.ts'
import { podIdentity } from '../model/board-rows.ts'
import { keepUnchanged } from '../model/keep-unchanged.ts'
import { wellFormedPods } from '../model/well-formed.ts'

export const useViewsStore = defineStore('views', () => {
  const views = shallowRef<ReadonlyMap<string, NodeView>>(new Map())

  function keyOf(lab: string, node: string): string {
    return `${lab}/${node}`
  }

  function setView(view: NodeView): void {
    const known = viewOf(view.lab, view.node)
    views.value = new Map([...views.value, [keyOf(view.lab, view.node), wellFormed(view, known)]])
  }

  /** A view that came as an event while the list was on its way stays, being newer. */
  function setLabViews(lab: string, list: readonly NodeView[]): void {
    const others = [...views.value].filter(([, view]) => view.lab !== lab)
    const ofLab = list.map((view) => {
      const known = viewOf(lab, view.node)
      return [keyOf(lab, view.node), newest(wellFormed(view, known), known)] as const
    })
    views.value = new Map([...others, ...ofLab])
  }

  /** Forgets the nodes that the lab does not have any more: one that comes again under such a name begins anew. */
  function keepNodes(lab: string, nodes: readonly string[]): void {
    const kept = [...views.value].filter(([, view]) => view.lab !== lab || nodes.includes(view.node))
    if (kept.length < views.value.size) views.value = new Map(kept)
  }

  function removeLab(lab: string): void {
    setLabViews(lab, [])
  }

  function viewOf(lab: string, node: string): NodeView | undefined {
    return views.value.get(keyOf(lab, node))
  }

  function filesOf(lab: string, node: string): readonly FileVerdict[] {
    return viewOf(lab, node)?.files ?? []
  }

  return { views, setView, setLabViews, keepNodes, removeLab, viewOf, filesOf }
})

function newest(fetched: NodeView, known: NodeView | undefined): NodeView {
  return known !== undefined && Date.parse(known.observedAt) > Date.parse(fetched.observedAt) ? known : fetched
}

/** Where it says what is known already, the known objects: they are well-formed, and whoever shows them need not look again. */
function wellFormed(view: NodeView, known: NodeView | undefined): NodeView {
  const { files = [], pods = [] } = known ?? {}
  return {
    ...view,
    files: keepUnchanged(files, view.files, ({ name }) => name),
    pods: wellFormedPods(keepUnchanged(pods, view.pods, identityOf)),
  }
}

/** Of what may not be a pod at all. */
function identityOf(value: Partial<Pod> | null): string {
  const metadata: unknown = value?.metadata
  return typeof metadata === 'object' && metadata !== null ? podIdentity({ metadata }) : ''
}
