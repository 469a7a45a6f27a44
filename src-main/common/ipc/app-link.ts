/**
 * Links into the app, `node-lab://lab/<lab>/…`, and the same as paths of the window's address, `/lab/<lab>/…`. Anybody can write
 * one, so a link only ever opens a page; what it names need not exist.
 */
import { labNameFault, nodeNameFault } from '../lab/names.ts'
import { checkDNS1123Label, checkDNS1123Subdomain } from '../validation/names.ts'

export const LINK_SCHEME = 'node-lab'

export type AppLink =
  | { page: 'lab'; lab: string }
  | { page: 'timeline'; lab: string }
  | { page: 'node'; lab: string; node: string }
  | { page: 'pod'; lab: string; namespace: string; pod: string }

/** Pages that menus open, beside those that a link can name. */
export type MenuPlace = 'board' | 'timeline' | 'settings' | 'diagnostics'

/** What the window is asked to open. `unknown`: a link that leads nowhere, as far as it can be shown. */
export type LinkRequest =
  | { kind: 'link'; link: AppLink }
  | { kind: 'place'; place: MenuPlace }
  | { kind: 'unknown'; text: string }

const LONGEST_LINK = 1000
const LONGEST_SHOWN = 120

/** Takes a whole link or its path. Nothing is decoded: names that a link may have need no escapes. */
export function parseAppLink(text: string): LinkRequest {
  const path = text.length > LONGEST_LINK ? undefined : /^(?:node-lab:\/\/|\/)lab\/([a-z0-9./-]+)$/i.exec(text)?.[1]
  const link = path === undefined ? undefined : readPath(path.replace(/\/$/, '').split('/'))
  return link === undefined ? { kind: 'unknown', text: shown(text) } : { kind: 'link', link }
}

/** Path of the page in the window's address; behind `node-lab:/` it is the link. */
export function appLinkPath(link: AppLink): string {
  const lab = `/lab/${link.lab}`
  switch (link.page) {
    case 'lab':
      return lab
    case 'timeline':
      return `${lab}/timeline`
    case 'node':
      return `${lab}/node/${link.node}`
    case 'pod':
      return `${lab}/pod/${link.namespace}/${link.pod}`
  }
}

function readPath([lab = '', page, first = '', second = '', ...rest]: string[]): AppLink | undefined {
  if (labNameFault(lab) !== undefined || rest.length > 0) return undefined
  switch (page) {
    case undefined:
      return { page: 'lab', lab }
    case 'timeline':
      return first === '' && second === '' ? { page: 'timeline', lab } : undefined
    case 'node':
      return nodeNameFault(first) === undefined && second === '' ? { page: 'node', lab, node: first } : undefined
    case 'pod': {
      const isNamed = checkDNS1123Label(first).length === 0 && checkDNS1123Subdomain(second).length === 0
      return isNamed ? { page: 'pod', lab, namespace: first, pod: second } : undefined
    }
    default:
      return undefined
  }
}

/** A link is a stranger's text: no control characters, no marks that turn the direction of writing. */
function shown(text: string): string {
  const plain = text.slice(0, LONGEST_SHOWN).replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD')
  return text.length > LONGEST_SHOWN ? `${plain}…` : plain
}
