/** CodeMirror put together as an editor of manifests: completion, hover help, problems, keys. Words come from outside. */
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  completionStatus,
  snippet,
  startCompletion,
  type Completion,
  type CompletionSource,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { lintKeymap, linter, type Action, type Diagnostic } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState, Prec, type Extension } from '@codemirror/state'
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import type { Locale } from '@common/settings/settings.ts'
import { computeCompletions, type CompletionContext, type ManifestCompletion } from './compute-completions.ts'
import type { ManifestProblem, QuickFix } from './compute-problems.ts'
import { findCursorPlace } from './cursor-place.ts'
import { describeFieldFacts, type FieldFacts } from './field-standing.ts'
import { EDITOR_LOOK } from './editor-theme.ts'
import { problemGutter } from './problem-gutter.ts'

/** How long typing has to rest until the text is judged. */
const REST_MS = 150

export interface EditorWords {
  /** What fields mean is said in this language. */
  locale: Locale
  /** Name of the text for screen readers. */
  label: string
  /** Of CodeMirror's own controls. */
  phrases: Record<string, string>
  problem(problem: ManifestProblem): string
  fix(fix: QuickFix): string
  /** What hover help and completion say beside name, type and description. */
  facts(facts: FieldFacts): { standing: string; lines: string[] }
  snippet(id: Extract<ManifestCompletion, { kind: 'snippet' }>['snippet']['id']): string
}

export interface EditorOptions {
  words: EditorWords
  completionContext(): CompletionContext
  problemsOf(text: string): ManifestProblem[]
  onProblems(problems: readonly ManifestProblem[]): void
  onChange(text: string): void
  onSave(): void
  /** Escape, when nothing in the text is there for it to close. */
  onLeave(): void
}

export function createEditorExtensions(options: EditorOptions): Extension {
  const { words } = options
  return [
    lineNumbers(),
    problemGutter,
    highlightSpecialChars(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    history(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightSelectionMatches(),
    yaml(),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    EditorState.phrases.of(words.phrases),
    // A completion that has not come up yet is nothing that somebody would want to close. Before the completion's own keys.
    Prec.highest(keymap.of([{ key: 'Escape', run: dropPendingCompletion }])),
    autocompletion({
      override: [completionSource(options)],
      activateOnTyping: true,
      icons: false,
      optionClass: (completion) => ('optionClass' in completion ? String(completion.optionClass) : ''),
    }),
    hoverTooltip((view, position) => fieldTooltip(view, position, words)),
    linter((view) => diagnose(view, options), { delay: REST_MS }),
    EditorView.contentAttributes.of({ 'aria-label': words.label, tabindex: '0' }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) options.onChange(update.state.doc.toString())
    }),
    keymap.of([
      { key: 'Mod-s', run: () => (options.onSave(), true), preventDefault: true },
      { key: 'Tab', run: (view) => completionStatus(view.state) === 'active' && acceptCompletion(view) },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...lintKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...defaultKeymap,
      indentWithTab,
      { key: 'Escape', run: () => (options.onLeave(), true) },
    ]),
    EDITOR_LOOK,
  ]
}

/** Applies a quick fix as one step of the undo history. */
export function applyQuickFix(view: EditorView, fix: QuickFix): void {
  const insert = fix.kind === 'remove' ? '' : fix.to
  view.dispatch({ changes: { from: fix.from, to: fix.end, insert }, userEvent: 'input.fix' })
  view.focus()
}

/** Leaves the key to whoever comes next. */
function dropPendingCompletion(view: EditorView): false {
  if (completionStatus(view.state) === 'pending') closeCompletion(view)
  return false
}

function diagnose(view: EditorView, { words, problemsOf, onProblems }: EditorOptions): Diagnostic[] {
  const problems = problemsOf(view.state.doc.toString())
  onProblems(problems)
  return problems.map((problem) => ({
    from: problem.from,
    to: problem.to,
    severity: problem.severity,
    message: words.problem(problem),
    actions: problem.fixes.map((fix): Action => ({ name: words.fix(fix), apply: () => applyQuickFix(view, fix) })),
  }))
}

function completionSource({ words, completionContext }: EditorOptions): CompletionSource {
  return ({ state, pos, explicit }) => {
    const found = computeCompletions(state.doc.toString(), pos, completionContext())
    if (found === undefined) return null
    const { place, from } = found
    // An empty line is not yet a question; a value, or an item, is.
    if (!explicit && place.word === '' && place.kind === 'key' && !state.sliceDoc(0, pos).endsWith('- ')) return null
    return {
      from,
      options: found.options.map((option) => toCompletion(option, place.column, [...place.path], words)),
      validFor: /^["']?[\w./:@ -]*$/,
    }
  }
}

function toCompletion(
  option: ManifestCompletion,
  column: number,
  path: (string | number)[],
  words: EditorWords,
): Completion & { optionClass?: string } {
  switch (option.kind) {
    case 'value':
      return { label: option.label, apply: option.insert, type: 'constant', boost: 50 }
    case 'snippet':
      return {
        label: option.label,
        type: 'text',
        optionClass: 'cm-snippet-option',
        boost: -1,
        info: words.snippet(option.snippet.id),
        apply: (view, completion, from, to) => {
          const lineIndent = /^ */.exec(view.state.doc.lineAt(from).text)?.[0].length ?? 0
          const more = ' '.repeat(Math.max(0, column - lineIndent))
          snippet(option.snippet.template.replaceAll('\n', `\n${more}`))(view, completion, from, to)
        },
      }
    case 'field': {
      const { label, type, insert, standing } = option
      const isBarred = standing.kind === 'reference' || standing.kind === 'forbidden'
      const isIdle = standing.kind === 'others' || standing.kind === 'overwritten' || standing.kind === 'notHonoured'
      return {
        label,
        detail: type,
        type: 'property',
        ...(isIdle && { boost: -50 }),
        ...(isBarred && { optionClass: 'cm-not-for-static-pods', boost: -99 }),
        info: () => {
          const facts = describeFieldFacts([...path, label], words.locale)
          return facts === undefined ? null : fieldCard(facts, words)
        },
        apply: (view, _completion, from, to) => {
          view.dispatch({
            changes: { from, to, insert },
            selection: { anchor: from + insert.length },
            userEvent: 'input.complete',
          })
          startCompletion(view)
        },
      }
    }
  }
}

function fieldTooltip(view: EditorView, position: number, words: EditorWords) {
  const line = view.state.doc.lineAt(position)
  const offset = position - line.from
  const end = line.from + offset + (/^[\w.-]*/.exec(line.text.slice(offset))?.[0].length ?? 0)
  const place = findCursorPlace(view.state.doc.toString(), end)
  if (place === undefined || place.word === '') return null
  const facts = describeFieldFacts(place.kind === 'key' ? [...place.path, place.word] : place.path, words.locale)
  if (facts === undefined) return null
  const card = (): { dom: HTMLElement } => {
    const dom = fieldCard(facts, words)
    dom.className = 'cm-field-card'
    return { dom }
  }
  return { pos: place.from, end, create: card }
}

/** Built of elements and texts: a manifest's words are never markup. */
function fieldCard(facts: FieldFacts, words: EditorWords): HTMLElement {
  const dom = document.createElement('div')
  const add = (parent: HTMLElement, tag: 'p' | 'span', className: string, text: string): HTMLElement => {
    const element = document.createElement(tag)
    element.className = className
    element.textContent = text
    parent.append(element)
    return element
  }
  const head = add(dom, 'p', '', '')
  add(head, 'span', 'cm-field-name', facts.name)
  add(head, 'span', 'cm-field-type', facts.type)
  if (facts.description !== '') add(dom, 'p', '', facts.description)
  const { standing, lines } = words.facts(facts)
  for (const line of lines) add(dom, 'p', 'cm-field-fact', line)
  add(dom, 'p', 'cm-field-standing', standing).dataset['standing'] = facts.standing.kind
  return dom
}
