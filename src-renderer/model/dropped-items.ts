/** Files and folders of a drop, read as the browser hands them over: entries at once, their content later. */

export interface DroppedFile {
  file: File
  /** Folders that lie around it in the drop; empty for a file that was dropped itself. */
  folder: string
}

export interface DroppedItems {
  files: DroppedFile[]
  /** Files of folders that no manifest can be: by their name's ending, or hidden. */
  leftOut: string[]
  /** Things that could not be opened. */
  unreadable: string[]
  /** There was more than the limits allow. */
  isCut: boolean
}

const MANIFEST_NAME = /\.(?:ya?ml|json|manifest)$/i
const MAX_FILES = 500
const MAX_DEPTH = 6

/** To be called while the drop event is being handled: afterwards the browser forgets. */
export function takeEntries(transfer: DataTransfer | null): (FileSystemEntry | File)[] {
  return [...(transfer?.items ?? [])].flatMap((item) => {
    const entry = item.webkitGetAsEntry()
    // As a file, a folder is one without content: only its entry tells.
    return entry?.isDirectory === true ? entry : (item.getAsFile() ?? [])
  })
}

/** Files that were dropped themselves are all taken; of folders, what is named like a manifest. */
export async function readEntries(entries: readonly (FileSystemEntry | File)[]): Promise<DroppedItems> {
  const found: DroppedItems = { files: [], leftOut: [], unreadable: [], isCut: false }
  for (const entry of entries) {
    if (entry instanceof File) found.files.push({ file: entry, folder: '' })
    else await visit(entry, '', found, 0)
  }
  return found
}

async function visit(entry: FileSystemEntry, folder: string, found: DroppedItems, depth: number): Promise<void> {
  if (found.files.length >= MAX_FILES || depth > MAX_DEPTH) {
    found.isCut = true
    return
  }
  try {
    if (isFolder(entry)) {
      for (const child of await listFolder(entry)) await visit(child, `${folder}${entry.name}/`, found, depth + 1)
    } else if (isFile(entry)) {
      const isTaken = folder === '' || (MANIFEST_NAME.test(entry.name) && !entry.name.startsWith('.'))
      if (isTaken) found.files.push({ file: await openFile(entry), folder })
      else found.leftOut.push(`${folder}${entry.name}`)
    }
  } catch {
    found.unreadable.push(`${folder}${entry.name}`)
  }
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function openFile(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

/** A reader answers in parts, and with an empty one at the end. */
async function listFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (part.length === 0) return all.toSorted((one, other) => (one.name < other.name ? -1 : 1))
    all.push(...part)
  }
}

export type FileContent = { kind: 'text'; text: string } | { kind: 'binary' }

/** A manifest is UTF-8 without zero bytes; whatever else is a picture, an archive, a program. */
export function decodeText(bytes: ArrayBuffer): FileContent {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? { kind: 'binary' } : { kind: 'text', text }
  } catch {
    return { kind: 'binary' }
  }
}
