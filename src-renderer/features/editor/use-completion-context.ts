/** What completion offers beyond the schema: images that the lab has, and paths of nodes that its pods mount. */
import { computed, type ComputedRef } from 'vue'
import { parse } from 'yaml'
import catalogueText from '../../../resources/images/catalogue.yaml?raw'
import { useViewsStore } from '../../stores/views-store.ts'
import type { CompletionContext } from './compute-completions.ts'

/** The names by which manifests ask for the images that Node Lab brings along, without a registry's name. */
const CATALOGUE_IMAGES = imagesOf(parse(catalogueText))

export function useCompletionContext(lab: () => string): ComputedRef<CompletionContext> {
  const views = useViewsStore()
  return computed(() => {
    const pods = [...views.views.values()].filter((view) => view.lab === lab()).flatMap((view) => view.pods)
    const images = pods.flatMap(({ spec }) => spec.containers.map(({ image }) => image))
    const paths = pods.flatMap(({ spec }) => (spec.volumes ?? []).map(({ hostPath }) => hostPath?.path))
    return { images: distinct([...CATALOGUE_IMAGES, ...images]), nodePaths: distinct(paths) }
  })
}

/** What a pod says is whatever was sent: only texts are offered. */
function distinct(values: readonly unknown[]): string[] {
  return [...new Set(values.filter((value) => typeof value === 'string'))].toSorted()
}

function imagesOf(catalogue: unknown): string[] {
  const images = typeof catalogue === 'object' && catalogue !== null && 'images' in catalogue ? catalogue.images : []
  return (Array.isArray(images) ? images : []).flatMap((entry: { repositories?: unknown }) =>
    Array.isArray(entry.repositories) ? entry.repositories.filter((name) => typeof name === 'string') : [],
  )
}
