/**
 * Writes what documents show of the code into them: the policy's table into docs/security.md, and the cases of the
 * conformance suite as docs/cri-conformance.md. Unit tests tell when to run it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { renderPolicyTable } from '../src-main/container-runtime/docker/policy-table.ts'
import { CONFORMANCE_DOCUMENT, renderConformanceDocument } from '../tests/conformance/conformance-document.ts'

const root = new URL('../', import.meta.url)

function updatePolicyTable(): void {
  const path = new URL('docs/security.md', root)
  const begin = '<!-- policy table: begin -->\n'
  const end = '<!-- policy table: end -->'
  const document = readFileSync(path, 'utf8')
  const from = document.indexOf(begin) + begin.length
  const to = document.indexOf(end)
  if (from < begin.length || to < from) throw new Error('docs/security.md has lost the marks around the policy table')
  writeFileSync(path, `${document.slice(0, from)}\n${renderPolicyTable()}\n${document.slice(to)}`)
}

updatePolicyTable()
writeFileSync(new URL(CONFORMANCE_DOCUMENT, root), renderConformanceDocument())
