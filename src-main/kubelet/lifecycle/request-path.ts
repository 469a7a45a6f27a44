/** The path of an `httpGet` action as it goes over the wire: Go escapes what Node.js refuses to send. */

/** With a leading slash; blanks and what is not ASCII are percent-encoded, existing escapes and a query stay. */
export function requestPath(written: string | undefined): string {
  const path = (written ?? '/').toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent)
  return path.startsWith('/') ? path : `/${path}`
}
