/** Tables, ages and sizes as cri-tools prints them. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** `5 minutes ago`, `About an hour ago`. Both in milliseconds. */
export function formatAge(createdMs: number, nowMs: number): string {
  const age = nowMs - createdMs
  if (age < SECOND) return 'Less than a second ago'
  if (age < 2 * SECOND) return '1 second ago'
  if (age < MINUTE) return `${Math.floor(age / SECOND)} seconds ago`
  if (age < 2 * MINUTE) return 'About a minute ago'
  if (age < HOUR) return `${Math.floor(age / MINUTE)} minutes ago`
  const hours = Math.round(age / HOUR)
  if (hours === 1) return 'About an hour ago'
  if (hours < 48) return `${hours} hours ago`
  if (hours < 14 * 24) return `${Math.floor(hours / 24)} days ago`
  if (hours < 60 * 24) return `${Math.floor(hours / 24 / 7)} weeks ago`
  if (hours < 2 * 365 * 24) return `${Math.floor(hours / 24 / 30)} months ago`
  return `${Math.floor(age / HOUR / 24 / 365)} years ago`
}

/** Bytes in decimal units with three digits, `292MB`; with four where cri-tools measures use. */
export function formatSize(bytes: number, digits = 3): string {
  let size = bytes
  for (const unit of ['B', 'kB', 'MB', 'GB', 'TB']) {
    if (size < 1000 || unit === 'TB') return `${Number(size.toPrecision(digits))}${unit}`
    size /= 1000
  }
  return `${bytes}B`
}

/** The least width of a column, and what is between two. */
const COLUMN_WIDTH = 20
const COLUMN_GAP = 3

/** Columns of at least twenty characters; the last cell of a row is as long as it is. */
export function formatTable(header: string[], rows: string[][], leastWidth = COLUMN_WIDTH): string {
  const all = [header, ...rows]
  const widths = header.map((_, column) =>
    Math.max(leastWidth, ...all.map((row) => (row[column] ?? '').length + COLUMN_GAP)),
  )
  return all
    .map((row) =>
      row.map((cell, column) => (column < row.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell)).join(''),
    )
    .map((line) => `${line}\n`)
    .join('')
}

/** Of a container, a sandbox or an image: the thirteen characters that tables have room for. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 13)
}
