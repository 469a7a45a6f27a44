/** Picks a file of a node up: for another node, for the bin, or for another program, where it becomes a file again. */
import { onScopeDispose, shallowRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { FileVerdict } from '@common/lab/file-verdict.ts'
import { call } from '../bridge/client.ts'
import { OWN_DRAG, useDragStore } from '../stores/drag-store.ts'
import { usePicksStore, type FileReference } from '../stores/picks-store.ts'
import { useNotify } from './use-notify.ts'

export interface FileDrag {
  handlers: {
    pointerenter(): void
    dragstart(event: DragEvent): void
    dragend(): void
  }
  /** To this machine's disk, as a download. */
  save(): Promise<boolean>
}

/** Read ahead only what a preview and another program can have at once. */
const MOST_BYTES_AHEAD = 256 * 1024
const MOST_PREVIEWED = 20

export function useFileDrag(
  lab: Readonly<Ref<string>>,
  file: Readonly<Ref<FileReference>>,
  verdict: Readonly<Ref<FileVerdict>>,
): FileDrag {
  const drag = useDragStore()
  const picks = usePicksStore()
  const notify = useNotify()
  const { t } = useI18n()
  /** What has been read, and of which version of which file: a row of the board may have shown another one before. */
  const ahead = shallowRef<{ of: string; content: string }>()
  const versionOf = ({ node, name }: FileReference): string => `${node}/${name}/${verdict.value.modifiedAt}`

  /** A drag must have the content at once, and the bridge answers later: so it is read when the pointer comes. */
  async function readAhead(): Promise<void> {
    const version = versionOf(file.value)
    if (verdict.value.sizeBytes > MOST_BYTES_AHEAD || ahead.value?.of === version) return
    const content = await read(file.value)
    if (content !== undefined) ahead.value = { of: version, content }
  }

  /** `undefined` when it cannot be read: a drag then shows no preview, and its drop says why. */
  async function read({ node, name }: FileReference): Promise<string | undefined> {
    return call('manifest/read', { lab: lab.value, node, name }).then(
      ({ content }) => content,
      () => undefined,
    )
  }

  let isCarrying = false

  function end(): void {
    isCarrying = false
    drag.end()
  }
  // An element that is taken away is not told any more that its drag has ended.
  onScopeDispose(() => isCarrying && end())

  function begin(event: DragEvent): void {
    const files = picks.withFile(file.value)
    const { name } = file.value
    const content = ahead.value?.of === versionOf(file.value) ? ahead.value.content : undefined
    const own = files.length === 1 && content !== undefined ? { content } : {}
    isCarrying = true
    drag.begin({ kind: 'node', manifests: files.map((one) => ({ ...one, ...own })) })
    void fillIn(files)
    if (event.dataTransfer === null) return
    event.dataTransfer.effectAllowed = 'copyMove'
    event.dataTransfer.setData(OWN_DRAG, name)
    event.dataTransfer.setData('text/plain', content ?? files.map((one) => one.name).join('\n'))
    if (content !== undefined) event.dataTransfer.setData('DownloadURL', `text/yaml:${name}:${dataUrl(content)}`)
  }

  async function fillIn(files: readonly FileReference[]): Promise<void> {
    for (const one of files.slice(0, MOST_PREVIEWED)) {
      const content = await read(one)
      if (content !== undefined) drag.fill(one.node, one.name, content)
    }
  }

  function save(): Promise<boolean> {
    const { node, name } = file.value
    return notify.attempt(t('toast.failed.readFile', { name }), async () => {
      const { content } = await call('manifest/read', { lab: lab.value, node, name })
      const address = URL.createObjectURL(new Blob([content], { type: 'text/yaml' }))
      const link = Object.assign(document.createElement('a'), { href: address, download: name })
      link.click()
      URL.revokeObjectURL(address)
    })
  }

  return {
    handlers: { pointerenter: () => void readAhead(), dragstart: begin, dragend: end },
    save,
  }
}

function dataUrl(content: string): string {
  return `data:text/yaml;charset=utf-8,${encodeURIComponent(content)}`
}
