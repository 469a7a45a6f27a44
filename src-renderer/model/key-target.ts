/** Whom a pressed key, or a paste, is for. The whole path is asked: above a shadow root the target of an event is only its host. */

/** Where keys belong to what is shown: a terminal, an editor. A part marks others with `data-owns-keys`. */
const OWNS_KEYS = '.xterm, .cm-editor, [data-owns-keys]'
const TYPES =
  'input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, select, [contenteditable="true"]'

/** What is shown there has a use for every key, Escape too. */
export function isOwned(event: Event): boolean {
  return isWithin(event, OWNS_KEYS)
}

/** Words are written there, or it is owned. */
export function isWrittenInto(event: Event): boolean {
  return isOwned(event) || isWithin(event, TYPES)
}

function isWithin(event: Event, selector: string): boolean {
  return event.composedPath().some((place) => place instanceof Element && place.matches(selector))
}
