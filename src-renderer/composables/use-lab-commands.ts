/** Commands about the lab on the screen: itself, its nodes, their pods and files, and samples for them. */
import {
  CopyPlus,
  FileDown,
  FileText,
  FileUp,
  FolderOpen,
  Layers,
  PenLine,
  Play,
  Plus,
  Power,
  ScrollText,
  Server,
  SlidersHorizontal,
  Trash2,
} from '@lucide/vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import type { NodeStatus } from '@common/lab/lab-status.ts'
import { computeRows, referTo, type BoardRow, type RowReference } from '../model/board-rows.ts'
import type { Command } from '../model/command.ts'
import { useLabDialogStore } from '../stores/lab-dialog-store.ts'
import { useLabsStore } from '../stores/labs-store.ts'
import { useNodeSettingsStore } from '../stores/node-settings-store.ts'
import { useSamplesStore } from '../stores/samples-store.ts'
import { useSelectionStore, type InspectorTab } from '../stores/selection-store.ts'
import { useViewsStore } from '../stores/views-store.ts'
import { useCommands } from './use-commands.ts'
import { useLabActions } from './use-lab-actions.ts'
import { useLabTransfers } from './use-lab-transfers.ts'
import { useManifestActions } from './use-manifest-actions.ts'
import { useRevealNode } from './use-reveal-node.ts'
import { useSampleText } from './use-sample-text.ts'

/** Samples are offered for each node: with more nodes than this one chooses on the board. */
const MAX_NODES_FOR_SAMPLES = 8

export function useLabCommands(): void {
  const labs = useLabsStore()
  const samples = useSamplesStore()
  const views = useViewsStore()
  const actions = useLabActions()
  const transfers = useLabTransfers()
  const dialog = useLabDialogStore()
  const settings = useNodeSettingsStore()
  const manifests = useManifestActions()
  const sampleText = useSampleText()
  const reveal = useRevealNode()
  const openRow = useOpenRow()
  const { t } = useI18n()

  function labCommands(): Command[] {
    const others = labs.names.filter((name) => name !== labs.current?.name)
    const imports: Command = {
      id: 'lab-import',
      group: 'lab',
      title: t('labs.import'),
      icon: FileUp,
      run: () => dialog.show({ kind: 'import' }),
    }
    const chosen = others.map((name): Command => ({
      id: `lab-choose-${name}`,
      group: 'lab',
      title: t('palette.lab.choose', { lab: name }),
      icon: Layers,
      run: () => labs.choose(name),
    }))
    const lab = labs.current
    if (lab === undefined) return [imports, ...chosen]
    const { name } = lab
    const wholes: Command[] = [
      {
        id: 'lab-rename',
        group: 'lab',
        title: t('labs.rename'),
        detail: name,
        icon: PenLine,
        run: () => dialog.show({ kind: 'rename', lab: name }),
      },
      {
        id: 'lab-clone',
        group: 'lab',
        title: t('labs.clone'),
        detail: name,
        icon: CopyPlus,
        run: () => dialog.show({ kind: 'clone', lab: name }),
      },
      {
        id: 'lab-export',
        group: 'lab',
        title: t('labs.export'),
        detail: name,
        icon: FileDown,
        run: () => transfers.export(name),
      },
    ]
    const choices = [...wholes, imports, ...chosen]
    if (lab.state === 'stopped')
      return [
        { id: 'lab-up', group: 'lab', title: t('lab.start'), detail: name, icon: Play, run: () => actions.up(name) },
        ...choices,
      ]
    const hasControlPlane = lab.apiServer !== undefined
    const addControlPlane: Command[] = hasControlPlane
      ? []
      : [
          {
            id: 'lab-control-plane',
            group: 'lab',
            title: t('controlPlane.add'),
            icon: Server,
            run: () => actions.addControlPlane(name),
          },
        ]
    return [
      {
        id: 'lab-add-node',
        group: 'lab',
        title: t('lab.addNode'),
        detail: name,
        icon: Plus,
        run: () => actions.addNode(name),
      },
      ...addControlPlane,
      { id: 'lab-down', group: 'lab', title: t('lab.stop'), detail: name, icon: Power, run: () => actions.down(name) },
      ...choices,
    ]
  }

  function nodeCommands(): Command[] {
    const lab = labs.current
    return lab === undefined ? [] : lab.nodes.flatMap((node) => commandsOfNode(lab.name, node))
  }

  function commandsOfNode(lab: string, { name }: NodeStatus): Command[] {
    const target = { lab, node: name }
    const of = (id: string, title: string, icon: NonNullable<Command['icon']>, run: () => unknown): Command => ({
      id: `node-${id}-${name}`,
      group: 'nodes',
      title,
      icon,
      run,
    })
    const go = of('go', t('palette.node.go', { node: name }), Server, () => reveal(name))
    const folder = of('folder', t('palette.node.openFolder', { node: name }), FolderOpen, () =>
      actions.openFolder(target),
    )
    const set = of('settings', t('nodeSettings.command', { node: name }), SlidersHorizontal, () =>
      settings.show(target),
    )
    return [go, folder, set]
  }

  /** Each row of the board with the node that it is on. */
  function rows(): { lab: string; node: string; row: BoardRow }[] {
    const lab = labs.current
    if (lab === undefined) return []
    return lab.nodes.flatMap((node) => {
      const view = views.viewOf(lab.name, node.name)
      const ofNode = view === undefined ? [] : computeRows(view)
      return ofNode.map((row) => ({ lab: lab.name, node: node.name, row }))
    })
  }

  function podCommands(): Command[] {
    return rows().flatMap(({ node, row }): Command[] => {
      const { name: pod, namespace = 'default' } = row.pod?.metadata ?? {}
      if (pod === undefined) return []
      const reference = referTo(node, row)
      const base = { group: 'pods', detail: node } as const
      const id = `${node}/${namespace}/${pod}`
      return [
        {
          ...base,
          id: `pod-open-${id}`,
          title: t('palette.pod.open', { pod }),
          icon: Layers,
          run: () => openRow(reference, 'lifecycle'),
        },
        {
          ...base,
          id: `pod-logs-${id}`,
          title: t('palette.pod.logs', { pod }),
          icon: ScrollText,
          run: () => openRow(reference, 'logs'),
        },
      ]
    })
  }

  function fileCommands(): Command[] {
    return rows().flatMap(({ lab, node, row }): Command[] => {
      const name = row.file?.name
      if (name === undefined) return []
      const base = { group: 'files', detail: node } as const
      return [
        {
          ...base,
          id: `file-open-${node}/${name}`,
          title: t('palette.file.open', { name }),
          icon: FileText,
          run: () => openRow(referTo(node, row), 'manifest'),
        },
        {
          ...base,
          id: `file-remove-${node}/${name}`,
          title: t('palette.file.remove', { name }),
          icon: Trash2,
          run: () => manifests.remove(lab, [{ node, name }]),
        },
      ]
    })
  }

  function sampleCommands(): Command[] {
    const lab = labs.current
    if (lab === undefined || lab.nodes.length > MAX_NODES_FOR_SAMPLES) return []
    return samples.samples.flatMap(({ id, name, content }) =>
      lab.nodes.map(({ name: node }): Command => ({
        id: `sample-${id}-${node}`,
        group: 'samples',
        title: t('palette.sample', { name, node }),
        detail: sampleText.title(id),
        icon: FileText,
        run: () => manifests.place([{ lab: lab.name, node, name, content }]),
      })),
    )
  }

  for (const source of [labCommands, nodeCommands, podCommands, fileCommands, sampleCommands]) useCommands(source)
}

/** Opens a file or pod in the inspector, on the board if the present page has no place for it. */
function useOpenRow(): (reference: RowReference, tab: InspectorTab) => Promise<void> {
  const route = useRoute()
  const router = useRouter()
  const selection = useSelectionStore()
  return async (reference, tab) => {
    if (route.meta.hasInspector !== true) await router.push({ name: 'board' })
    selection.select(reference, tab)
  }
}
