/** The first document of a YAML text, as the parser's nodes; everything that costs time or memory is bounded. */
import { Composer, CST, Lexer, Parser } from 'yaml'
import type { Document } from 'yaml'
import { findBlankRuns, withoutCuts } from './blank-runs.ts'
import type { Cut, CutText } from './blank-runs.ts'
import { MAX_TREE_CHARACTERS, MAX_TREE_DEPTH, MAX_TREE_NODES } from './manifest-tree.ts'
import type { TreeFault } from './manifest-tree.ts'
import { plainFault } from './yaml-fault.ts'

export type FirstDocument =
  | {
      ok: true
      /** Absent: the text has none. */
      document?: Document.Parsed
      /** The text goes on with another document. */
      more: boolean
      /** Place in the text of a place that the document's nodes and errors name. */
      originalOffset: (offset: number) => number
    }
  | { ok: false; fault: TreeFault }

/** Blanks and comments count, which `MAX_TREE_NODES` leaves out: a Pod of that size has fewer by far. */
const MAX_LEXEMES = 4 * MAX_TREE_NODES
/** How often blank runs that turned out to be content are put back; then the text is read as it is. */
const MAX_ROUNDS = 3
/** Comes before each plain and block scalar. */
const SCALAR = '\u001f'
/** What else the lexer puts in that is not in the text. */
const MARKS = `\u0002\u0018${SCALAR}`
/** What blanks and comments begin with. */
const FILLERS = ' \t\r\n#'

/** Reads `text` up to the end of its first document. Never throws. */
export function readFirstDocument(text: string): FirstDocument {
  let cuts = findBlankRuns(text)
  for (let round = 1; ; round += 1) {
    if (round > MAX_ROUNDS) cuts = []
    const reading = readOnce(text, withoutCuts(text, cuts))
    if (reading.spoilt.size === 0) return reading.result
    cuts = cuts.filter((cut) => !reading.spoilt.has(cut))
  }
}

interface Reading {
  result: FirstDocument
  /** Cuts within scalars: the result is of no use. */
  spoilt: ReadonlySet<Cut>
}

/**
 * Drives lexer and parser by hand and stops after the first document, so that what follows it need not be YAML at all
 * (facts 1.3.3) and a hostile file is given up as soon as it passes a limit.
 */
function readOnce(original: string, source: CutText): Reading {
  const parser = new Parser()
  const composer = new Composer({ schema: 'failsafe', version: '1.1', uniqueKeys: false, prettyErrors: false })
  const meter = new Meter(source)
  let composed: CST.Token | undefined
  const finish = (more: boolean): Reading => ({
    result: {
      ok: true,
      ...composedDocument(composer),
      more,
      originalOffset: (offset) => source.originalOffset(offset),
    },
    spoilt: meter.spoilt,
  })
  const giveUp = (fault: TreeFault): Reading => ({ result: { ok: false, fault }, spoilt: meter.spoilt })
  for (const lexeme of new Lexer().lex(source.text)) {
    const excess = meter.count(lexeme)
    if (excess !== undefined) return giveUp({ message: `yaml: document has more than ${excess}` })
    for (const token of parser.next(lexeme)) {
      if (composed !== undefined) return finish(hasContent(token))
      if (isFiller(token)) continue
      feed(composer, token)
      if (token.type === 'document') composed = token
    }
    if (parser.stack.length > MAX_TREE_DEPTH)
      return giveUp(plainFault(original, source.originalOffset(parser.offset), 'exceeded max depth'))
    // A second document has begun: it counts once it holds something.
    if (composed !== undefined && parser.stack.some((token) => hasContent(token))) return finish(true)
  }
  for (const token of parser.end()) {
    if (composed !== undefined) return finish(hasContent(token))
    if (isFiller(token)) continue
    feed(composer, token)
    if (token.type === 'document') composed = token
  }
  return finish(false)
}

/** Measures what the lexer gives out, and watches for scalars that had a part cut out of them. */
class Meter {
  readonly spoilt = new Set<Cut>()
  private offset = 0
  private lexemes = 0
  private parts = 0
  private characters = 0
  private beginsScalar = false
  private readonly source: CutText
  private readonly watchesCuts: boolean

  constructor(source: CutText) {
    this.source = source
    this.watchesCuts = source.cutsWithin(0, source.text.length).length > 0
  }

  /** Answers which limit is passed now, if one is. */
  count(lexeme: string): string | undefined {
    const first = lexeme.charAt(0)
    const isScalar = this.beginsScalar || first === '"' || first === "'"
    if (isScalar && this.watchesCuts) this.checkScalar(lexeme)
    this.lexemes += 1
    if (isScalar || !FILLERS.includes(first)) {
      this.parts += 1
      this.characters += lexeme.length
    }
    if (lexeme.length !== 1 || !MARKS.includes(lexeme)) this.offset += lexeme.length
    this.beginsScalar = lexeme === SCALAR
    if (this.characters > MAX_TREE_CHARACTERS) return `${MAX_TREE_CHARACTERS} characters in its parts`
    if (this.parts > MAX_TREE_NODES) return `${MAX_TREE_NODES} parts`
    return this.lexemes > MAX_LEXEMES ? `${MAX_LEXEMES} parts, blanks and comments` : undefined
  }

  /** Quotes that break off do so before the end of their last line, which may be two characters. */
  private checkScalar(lexeme: string): void {
    const end = this.offset + lexeme.length + 2
    for (const cut of this.source.cutsWithin(this.offset, end)) this.spoilt.add(cut)
  }
}

function isFiller(token: CST.Token): boolean {
  return token.type === 'comment' || token.type === 'space' || token.type === 'newline'
}

function feed(composer: Composer, token: CST.Token): void {
  // The composer gives the first document back only at its end, so its output so far is empty.
  for (const _document of composer.next(token)) break
}

function composedDocument(composer: Composer): { document?: Document.Parsed } {
  for (const document of composer.end()) return { document: document as Document.Parsed }
  return {}
}

function hasContent(token: CST.Token): boolean {
  return token.type === 'document' && token.value !== undefined
}
