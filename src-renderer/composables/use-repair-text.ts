/** What a start has made anew, and what of it is lost, in the user's language. */
import { useI18n } from 'vue-i18n'
import type { RepairNote } from '@common/lab/repair-note.ts'

export function useRepairText(): (note: RepairNote) => string {
  const { t } = useI18n()
  return (note) => {
    switch (note.kind) {
      case 'volume':
      case 'containers':
        return t(`repair.${note.kind}`, { node: note.node })
      case 'manifests':
        return t('repair.manifests', { node: note.node, count: note.versions }, note.versions)
      case 'network':
      case 'images':
      case 'authorities':
        return t(`repair.${note.kind}`)
      case 'image':
        return t('repair.image', { image: note.image })
      case 'lab-file':
        return t(`repair.labFile.${note.controlPlane}`, { nodes: note.nodes.join(', ') })
    }
  }
}
