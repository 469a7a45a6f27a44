/** A mark beside each line with a problem: a shape for each severity, since colour alone says nothing to many. */
import { forEachDiagnostic, setDiagnosticsEffect } from '@codemirror/lint'
import { RangeSet, StateField, type EditorState } from '@codemirror/state'
import { gutter, GutterMarker } from '@codemirror/view'

type Severity = 'error' | 'warning' | 'info'

const SHAPES: Readonly<Record<Severity, string>> = { error: '✕', warning: '▲', info: '○' }
const RANKS: Readonly<Record<Severity, number>> = { error: 2, warning: 1, info: 0 }

class ProblemMarker extends GutterMarker {
  readonly severity: Severity

  constructor(severity: Severity) {
    super()
    this.severity = severity
  }

  override eq(other: GutterMarker): boolean {
    return other instanceof ProblemMarker && other.severity === this.severity
  }

  override toDOM(): HTMLElement {
    const dom = document.createElement('span')
    dom.className = `cm-problem-marker cm-problem-marker-${this.severity}`
    dom.textContent = SHAPES[this.severity]
    dom.ariaHidden = 'true'
    return dom
  }
}

const markers = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update(value, transaction) {
    const isNew = transaction.effects.some((effect) => effect.is(setDiagnosticsEffect))
    return isNew ? markersOf(transaction.state) : value.map(transaction.changes)
  },
})

function markersOf(state: EditorState): RangeSet<GutterMarker> {
  const worst = new Map<number, Severity>()
  forEachDiagnostic(state, ({ severity }, from) => {
    const known: Severity = severity === 'error' || severity === 'warning' ? severity : 'info'
    const line = state.doc.lineAt(from).from
    const before = worst.get(line)
    if (before === undefined || RANKS[known] > RANKS[before]) worst.set(line, known)
  })
  const ranges = [...worst].map(([line, severity]) => new ProblemMarker(severity).range(line))
  return RangeSet.of(ranges, true)
}

export const problemGutter = [
  markers,
  gutter({
    class: 'cm-gutter-lint',
    markers: (view) => view.state.field(markers),
    initialSpacer: () => new ProblemMarker('info'),
  }),
]
