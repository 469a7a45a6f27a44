/**
 * Writes what documents show of the code into them, between marks, and the cases of the conformance suites as documents
 * of their own. Unit tests tell when to run it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { renderPolicyTable } from '../src-main/container-runtime/docker/policy-table.ts'
import { renderSettingsTable } from '../src-main/common/settings/render-settings-table.ts'
import { renderSettingTable } from '../src-main/kubelet/options/render-setting-table.ts'
import { CONFORMANCE_DOCUMENT, renderConformanceDocument } from '../tests/conformance/conformance-document.ts'
import { KUBELET_DOCUMENT, renderKubeletDocument } from '../tests/conformance/kubelet/kubelet-document.ts'
import { KUBECTL_DOCUMENT, renderKubectlDocument } from '../tests/conformance/kubectl/kubectl-document.ts'
import { renderLifeTable } from '../tests/support/node-life/render-life-table.ts'
import { renderShortcutTable } from './support/render-shortcut-table.ts'

const SECTIONS = [
  { document: 'security.md', name: 'policy table', text: renderPolicyTable() },
  { document: 'settings.md', name: 'settings table', text: renderSettingsTable() },
  { document: 'window.md', name: 'shortcut table', text: renderShortcutTable() },
  { document: 'kubelet-configuration.md', name: 'setting table', text: renderSettingTable() },
  { document: 'node-life.md', name: 'node-life table', text: renderLifeTable() },
]

for (const { document, name, text } of SECTIONS) {
  const path = new URL(`../docs/${document}`, import.meta.url)
  const [begin, end] = [`<!-- ${name}: begin -->\n`, `<!-- ${name}: end -->`]
  const present = readFileSync(path, 'utf8')
  const from = present.indexOf(begin) + begin.length
  const to = present.indexOf(end)
  if (from < begin.length || to < from) throw new Error(`docs/${document} has lost the marks around the ${name}`)
  writeFileSync(path, `${present.slice(0, from)}\n${text}\n${present.slice(to)}`)
}

const PAGES = [
  { page: CONFORMANCE_DOCUMENT, text: renderConformanceDocument() },
  { page: KUBELET_DOCUMENT, text: renderKubeletDocument() },
  { page: KUBECTL_DOCUMENT, text: renderKubectlDocument() },
]
for (const { page, text } of PAGES) writeFileSync(new URL(`../${page}`, import.meta.url), text)
