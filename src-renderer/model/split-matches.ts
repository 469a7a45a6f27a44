/** Cuts a text at the places where a search finds something, whatever the capitals are. Pure. */
export interface TextPart {
  text: string
  isMatch: boolean
}

export function splitMatches(text: string, search: string): TextPart[] {
  if (search === '') return [{ text, isMatch: false }]
  const lowerText = text.toLowerCase()
  const lowerSearch = search.toLowerCase()
  // A few letters change their length in lower case; positions would then be wrong, so such a line stays whole.
  if (lowerText.length !== text.length) return [{ text, isMatch: false }]
  const parts: TextPart[] = []
  let from = 0
  for (let at = lowerText.indexOf(lowerSearch); at !== -1; at = lowerText.indexOf(lowerSearch, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), isMatch: false })
    from = at + search.length
    parts.push({ text: text.slice(at, from), isMatch: true })
  }
  if (from < text.length || parts.length === 0) parts.push({ text: text.slice(from), isMatch: false })
  return parts
}
