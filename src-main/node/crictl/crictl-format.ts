/** Tables, ages and sizes as cri-tools prints them. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `5 minutes ago`, `About an hour ago`. Both in milliseconds. */
export function formatAge(createdMs: number, nowMs: number): string {
  const age = nowMs - createdMs
  if (age < SECOND) return 'Less than a second ago'
  if (age < 2 * SECOND) return '1 second ago'
  if (age < MINUTE) return `${Math.floor(age / SECOND)} seconds ago`
  if (age < 2 * MINUTE) return 'About a minute ago'
  if (age < 46 * MINUTE) return `${Math.floor(age / MINUTE)} minutes ago`
  if (age < 90 * MINUTE) return 'About an hour ago'
  if (age < 2 * DAY) return `${Math.round(age / HOUR)} hours ago`
  if (age < 14 * DAY) return `${Math.floor(age / DAY)} days ago`
  if (age < 60 * DAY) return `${Math.floor(age / (7 * DAY))} weeks ago`
  return `${Math.floor(age / (30 * DAY))} months ago`
}

/** Bytes in decimal units with three digits: `4.27MB`. */
export function formatSize(bytes: number): string {
  let size = bytes
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (size < 1000 || unit === 'GB') return `${Number(size.toPrecision(size < 1000 ? 3 : 4))}${unit}`
    size /= 1000
  }
  return `${bytes}B`
}

/** Columns as wide as their widest cell, three blanks between them. */
export function formatTable(header: string[], rows: string[][]): string {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => (row[column] ?? '').length)))
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd((widths[column] ?? 0) + 3))
        .join('')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('')
}

/** JSON with 64-bit integers as strings, as protobuf's JSON has them. */
export function formatJson(value: unknown): string {
  return `${JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? item.toString() : item), 2)}\n`
}
