/** Hands a text to the user as a file, by the browser's own download. Where it goes is between the two of them. */

/** @param name of the file; the browser takes out what a file name may not have */
export function saveText(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
