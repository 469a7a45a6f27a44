/**
 * How well a few typed letters fit a name: letters in order, gaps allowed, best at the starts of words. Korean is compared by its
 * letters (jamo), so that `보ㄷ`, a word that is still being typed, and initials alone (`ㅂㄷ`) find `보드`.
 */

const START_OF_TEXT = 24
const START_OF_WORD = 14
const FOLLOWS = 16
const ANYWHERE = 2
const COST_OF_GAP = 1
const MAX_COST_OF_GAP = 6
/** Long names: beyond this only the beginning is compared. */
const MAX_LENGTH = 160

export interface FuzzyMatch {
  /** The higher, the better; comparable for one query only. */
  score: number
  /** Places of the matched characters in the text, in order. */
  places: number[]
}

interface Letter {
  value: string
  place: number
  isWordStart: boolean
}

/** `undefined` when the letters are not all there. Words of the query may come in any order. */
export function fuzzyMatch(query: string, text: string): FuzzyMatch | undefined {
  const words = query
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
  const letters = lettersOf(text)
  const places = new Set<number>()
  let score = 0
  for (const word of words) {
    const match = matchWord(lettersOf(word), letters)
    if (match === undefined) return undefined
    score += match.score
    for (const place of match.places) places.add(place)
  }
  // Of two that fit alike, the shorter is meant more often.
  return { score: score - letters.length * 0.05, places: [...places].toSorted((left, right) => left - right) }
}

/** The best of all ways to find the word: by tables of the best score that ends at each letter. */
function matchWord(word: Letter[], text: Letter[]): FuzzyMatch | undefined {
  if (word.length > text.length) return undefined
  /** `from[row][column]`: where the letter before was, when letter `row` of the word is at `column`. */
  const from: number[][] = []
  let best: number[] = []
  for (const [row, letter] of word.entries()) {
    const scores: number[] = []
    const origins: number[] = []
    let reach = Number.NEGATIVE_INFINITY
    let reachFrom = -1
    for (const [column, candidate] of text.entries()) {
      const before = row === 0 ? 0 : (best[column - 1] ?? Number.NEGATIVE_INFINITY)
      const follows = row > 0 ? before + FOLLOWS : Number.NEGATIVE_INFINITY
      // What could be reached with a gap before this letter.
      const gapped = row === 0 ? -Math.min(MAX_COST_OF_GAP, column * COST_OF_GAP) : reach - COST_OF_GAP
      const isSame = candidate.value === letter.value
      const isFollowing = follows >= gapped
      scores.push(isSame ? Math.max(follows, gapped) + bonusOf(candidate, column) : Number.NEGATIVE_INFINITY)
      origins.push(isFollowing ? column - 1 : reachFrom)
      if (row > 0 && before > reach - COST_OF_GAP) {
        reach = before
        reachFrom = column - 1
      } else reach -= reach === Number.NEGATIVE_INFINITY ? 0 : COST_OF_GAP / 4
    }
    best = scores
    from.push(origins)
  }
  const score = Math.max(...best)
  if (score === Number.NEGATIVE_INFINITY) return undefined
  return { score, places: tracePlaces(from, best.indexOf(score), text) }
}

function tracePlaces(from: readonly number[][], lastColumn: number, text: readonly Letter[]): number[] {
  const places: number[] = []
  let column = lastColumn
  for (let row = from.length - 1; row >= 0; row--) {
    const letter = text[column]
    if (letter !== undefined) places.push(letter.place)
    column = from[row]?.[column] ?? -1
  }
  return places.toReversed()
}

function bonusOf({ isWordStart }: Letter, column: number): number {
  if (column === 0) return START_OF_TEXT
  return isWordStart ? START_OF_WORD : ANYWHERE
}

function lettersOf(text: string): Letter[] {
  const letters: Letter[] = []
  let previous = ''
  for (const [place, character] of [...text.slice(0, MAX_LENGTH)].entries()) {
    const isUpperAfterLower = /\p{Lu}/u.test(character) && /\p{Ll}/u.test(previous)
    const isWordStart = isUpperAfterLower || !/[\p{L}\p{N}]/u.test(previous)
    const parts = [...character.normalize('NFKD').toLowerCase()]
    for (const [index, value] of parts.entries())
      letters.push({ value, place, isWordStart: isWordStart && index === 0 })
    previous = character
  }
  return letters
}
