/**
 * Keeps the focus on the row that it was on. Where rows are filled with others instead of being moved, an inserted file would
 * otherwise be under the focus of another one, and the next key would act on it. A file that goes leaves the focus to the next file,
 * the last one to the folder.
 */
import { watch, type Ref } from 'vue'

/**
 * @param focusedKey of the row that the focus went to last
 * @param rows what is in the rows; a change of it may have filled them anew
 */
export function useKeptFocus(
  column: Readonly<Ref<HTMLElement | null>>,
  focusedKey: Readonly<Ref<string | undefined>>,
  rows: () => unknown,
): void {
  /** Which of the column's files had the focus, itself or a button of it, before the rows changed. */
  let fileBefore = -1
  watch(rows, () => (fileBefore = files().findIndex((file) => file.contains(document.activeElement))), { flush: 'pre' })

  watch(
    rows,
    () => {
      const { activeElement } = document
      if (fileBefore >= 0 && activeElement === document.body) return focusAfterFile()
      const row = activeElement?.closest<HTMLElement>('[data-row]')
      if (!(activeElement instanceof HTMLElement) || !row || column.value?.contains(row) !== true) return
      if (row.dataset['row'] === focusedKey.value) return
      const cell = findCell(column.value, activeElement.dataset['cell'])
      if (cell === undefined) activeElement.blur()
      else cell.focus({ preventScroll: true })
    },
    { flush: 'post' },
  )

  function files(): HTMLElement[] {
    return [...(column.value?.querySelectorAll<HTMLElement>('[data-file]') ?? [])]
  }

  function focusAfterFile(): void {
    const left = files()
    const cell =
      (left[fileBefore] ?? left.at(-1))?.querySelector<HTMLElement>('[data-cell]') ??
      column.value?.querySelector<HTMLElement>('[data-cell="node"]')
    cell?.focus()
  }

  /** The cell of the same kind, so that who was on a pod is on a pod; `undefined` where the row is gone or not drawn. */
  function findCell(within: HTMLElement, kind: string | undefined): HTMLElement | undefined {
    const rowElements = [...within.querySelectorAll<HTMLElement>('[data-row]')]
    const cells = rowElements
      .find(({ dataset }) => dataset['row'] === focusedKey.value)
      ?.querySelectorAll('[data-cell]')
    const elements = [...(cells ?? [])].filter((cell) => cell instanceof HTMLElement)
    return elements.find(({ dataset }) => dataset['cell'] === kind) ?? elements[0]
  }
}
