/** Where an arrow key leads on the board: from node to node, down a column, and across a row from a file to its pod. */

const CELL = '[data-cell]'

export function isCell(element: Element | null): element is HTMLElement {
  return element instanceof HTMLElement && element.matches(CELL)
}

/** `undefined`: the key leads nowhere from here. */
export function findNextCell(board: HTMLElement, from: HTMLElement, key: string): HTMLElement | undefined {
  const columns = [...board.querySelectorAll<HTMLElement>('[data-node]')]
  const column = from.closest<HTMLElement>('[data-node]')
  if (column === null) return undefined
  const rows = rowsOf(column)
  const row = rows.findIndex((cells) => cells.includes(from))
  const inRow = rows[row]?.indexOf(from) ?? 0
  switch (key) {
    case 'ArrowDown':
      return cellAt(rows, row + 1, inRow)
    case 'ArrowUp':
      return cellAt(rows, row - 1, inRow)
    case 'Home':
      return cellAt(rows, 0, 0)
    case 'End':
      return cellAt(rows, rows.length - 1, inRow)
    case 'ArrowRight':
      return rows[row]?.[inRow + 1] ?? beside(columns, column, 1, row, 0)
    case 'ArrowLeft':
      return rows[row]?.[inRow - 1] ?? beside(columns, column, -1, row, Number.POSITIVE_INFINITY)
    default:
      return undefined
  }
}

/** The node's own cell is its first row. A row that is not drawn has none, and is stepped over. */
function rowsOf(column: HTMLElement): HTMLElement[][] {
  const head = [...column.querySelectorAll<HTMLElement>('[data-cell="node"]')]
  const rows = [...column.querySelectorAll('[data-row]')].map((row) => [...row.querySelectorAll<HTMLElement>(CELL)])
  return [head, ...rows].filter((cells) => cells.length > 0)
}

function cellAt(rows: readonly HTMLElement[][], row: number, inRow: number): HTMLElement | undefined {
  const cells = rows[row]
  return cells?.[Math.min(inRow, cells.length - 1)]
}

function beside(
  columns: readonly HTMLElement[],
  column: HTMLElement,
  step: 1 | -1,
  row: number,
  inRow: number,
): HTMLElement | undefined {
  const next = columns[columns.indexOf(column) + step]
  if (next === undefined) return undefined
  const rows = rowsOf(next)
  return cellAt(rows, Math.min(row, rows.length - 1), inRow)
}
