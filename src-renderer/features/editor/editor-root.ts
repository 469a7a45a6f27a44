/**
 * Where the editor lives: a shadow root. The page's policy allows no inline styles; in a shadow root CodeMirror keeps its styles in
 * a constructed style sheet, which is no markup and so needs no exception. Colours and fonts are inherited as custom properties.
 */
export function createEditorRoot(host: HTMLElement): ShadowRoot {
  // Its styles are sheets that belong to the document, so a host that comes again gets the root that it had.
  return host.shadowRoot ?? host.attachShadow({ mode: 'open' })
}
