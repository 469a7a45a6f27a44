/** Faults of YAML text in the words of a kubelet's log, from the codes of our parser. */
import type { YAMLError } from 'yaml'
import { positionAt, type TreeFault } from './manifest-tree.ts'

/**
 * Upstream's reader numbers the line of a *scanner* fault from one, that of a *parser* fault from zero; the message keeps
 * that, so that it equals the log of a real kubelet, while `line` is the true line. `offset` is the error's in `text`.
 */
export function yamlFault(text: string, error: YAMLError, offset: number): TreeFault {
  const position = positionAt(text, faultOffset(text, error, offset))
  const { problem, stage } = upstreamProblem(error)
  const shown = stage === 'scanner' ? position.line : position.line - 1
  return { ...position, message: shown > 0 ? `yaml: line ${shown}: ${problem}` : `yaml: ${problem}` }
}

/** Where upstream's reader notices it: at a colon that cannot be one, not where the text before it begins. */
function faultOffset(text: string, error: YAMLError, offset: number): number {
  const start = Math.min(offset, text.length)
  if (error.code !== 'BLOCK_AS_IMPLICIT_KEY' && error.code !== 'MULTILINE_IMPLICIT_KEY') return start
  return Math.max(start, text.indexOf(':', start))
}

/** A fault that has no code of the parser's. */
export function plainFault(text: string, offset: number, problem: string): TreeFault {
  return { message: `yaml: ${problem}`, ...positionAt(text, offset) }
}

function upstreamProblem(error: YAMLError): { problem: string; stage: 'scanner' | 'parser' } {
  const scanner = (problem: string) => ({ problem, stage: 'scanner' as const })
  const parser = (problem: string) => ({ problem, stage: 'parser' as const })
  switch (error.code) {
    case 'TAB_AS_INDENT':
    case 'BAD_SCALAR_START':
      return scanner('found character that cannot start any token')
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'BLOCK_IN_FLOW':
      return scanner('mapping values are not allowed in this context')
    case 'MULTILINE_IMPLICIT_KEY':
    case 'KEY_OVER_1024_CHARS':
      return scanner("could not find expected ':'")
    case 'BAD_DQ_ESCAPE':
      return scanner('found unknown escape character')
    case 'BAD_DIRECTIVE':
      return scanner('found unknown directive name')
    case 'BAD_ALIAS':
      return scanner('did not find expected alphabetic or numeric character')
    case 'RESOURCE_EXHAUSTION':
      return parser('exceeded max depth')
    case 'MISSING_CHAR':
      return missingCharacter(error.message)
    case 'UNEXPECTED_TOKEN':
      return /flow/.test(error.message)
        ? parser("did not find expected ',' or ']'")
        : parser('did not find expected key')
    case 'BAD_INDENT':
      return parser('did not find expected key')
    case 'ALIAS_PROPS':
    case 'BAD_PROP_ORDER':
    case 'BAD_COLLECTION_TYPE':
    case 'IMPOSSIBLE':
    case 'MULTIPLE_ANCHORS':
    case 'MULTIPLE_TAGS':
    case 'MULTIPLE_DOCS':
    case 'NON_STRING_KEY':
    case 'TAG_RESOLVE_FAILED':
    case 'DUPLICATE_KEY':
      return parser('did not find expected node content')
  }
}

function missingCharacter(message: string): { problem: string; stage: 'scanner' | 'parser' } {
  if (/quote/.test(message)) return { problem: 'found unexpected end of stream', stage: 'scanner' }
  if (/map keys|\? |: /.test(message)) return { problem: "could not find expected ':'", stage: 'scanner' }
  return { problem: "did not find expected ',' or ']'", stage: 'parser' }
}
