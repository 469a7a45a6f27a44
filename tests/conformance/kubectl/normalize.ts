/** Takes out of a command's output what differs between any two clusters: times, ages, ids, addresses, versions, column widths. */

const KLOG_LINE = /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ \S+\] /
const REQUEST_LINE = /round_trippers\.go:\d+\] ([A-Z]+) https?:\/\/[^/]+(\S*) (\d{3})/

/** Order matters: a time has digits that look like an age, an id may begin like one. */
const REPLACEMENTS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, 'UID'],
  [/\b((docker|docker-pullable):\/\/)?(sha256:)?[0-9a-f]{64}\b/g, 'ID'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| [+-]\d{4})/g, 'TIME'],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, 'TIME'],
  [/\b(node-lab\.invalid\/)?(bb:v1|busybox:[\w.-]+)/g, 'IMAGE'],
  [/\b(\d{1,3}\.){3}\d{1,3}(:\d{4,5})?\b|\[::1\]:\d+/g, 'IP'],
  [/\bhttps?:\/\/IP/g, 'URL'],
  [/\b(docker|node-lab):\/\/\d\S*/g, 'RUNTIME'],
  [/\bv1\.\d+\.\d+\b/g, 'VERSION'],
  // The end of a made-up name may look like an age, as in `agent-64d7h`.
  [/(?<!\w-)\b(\d+[dhm])?\d+[dhms]\b/g, 'AGE'],
  [/(resourceVersion=)[1-9]\d*/g, '$1N'],
  [/(timeoutSeconds=)\d+/g, '$1N'],
  [/(resourceVersion"?: *"?)\d+/g, '$1N'],
  [/((?:template\.)?generation"?: "?)\d+/g, '$1N'],
  [/(credential-id *\[X509SHA256=)[0-9a-f]{64}/g, '$1ID'],
  [/(default-token|kube-api-access)-[a-z0-9]{5}\b/g, '$1-ID'],
  [/\b\d+Mi\b/g, 'MEMORY'],
  [/\b\d+%(?![0-9A-F])/g, 'PERCENT'],
  [/(\/tmp\/(?:LIVE|MERGED|kubectl-edit)-)\d+/g, '$1N'],
  [/(?<=Context ")[^"]+/, 'CONTEXT'],
  [/-{3,}/g, '---'],
  [/(?<=\S)\s{2,}/g, '  '],
  [/^ {9,}/, '        '],
  [/(?<=Handling connection for )\d+/, 'PORT'],
]

/** What a command left behind, as it came. */
export interface Outcome {
  /** `undefined`: it was interrupted. */
  exitCode: number | undefined
  stdout: string
  stderr: string
}

function normalizeLine(line: string): string {
  return REPLACEMENTS.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line).trimEnd()
}

/** What was printed and how it ended, line by line; log lines of the client are left out. */
export function transcriptOf({ exitCode, stdout, stderr }: Outcome): string[] {
  return [
    ...(exitCode === undefined || exitCode === 0 ? [] : [`exit ${exitCode}`]),
    ...linesOf(stdout),
    ...linesOf(stderr).map((line) => `stderr: ${line}`),
  ]
}

/** `METHOD PATH STATUS` of the requests in the log of kubectl (`--vmodule=round_trippers=6`) but those for discovery, sorted. */
export function requestsOf(log: string): string[] {
  return log
    .split('\n')
    .flatMap((line) => {
      const [, method, path, status] = REQUEST_LINE.exec(line) ?? []
      return method === undefined || path === undefined || status === undefined ? [] : [`${method} ${path} ${status}`]
    })
    .filter((request) => !request.includes('timeout=32s'))
    .map(normalizeRequest)
    .toSorted()
}

/** kubectl writes the parts of a field selector in any order. */
export function normalizeRequest(request: string): string {
  return normalizeLine(request).replace(/(?<=fieldSelector=)[^& ]+/, (parts) =>
    parts.split('%2C').toSorted().join('%2C'),
  )
}

/**
 * `rollout status` says the same again at every change that does not change it, and how many there are is a race; so is whether
 * it comes before the controller has looked.
 */
function linesOf(text: string): string[] {
  return text
    .replaceAll('\r', '')
    .split('\n')
    .filter((line) => !KLOG_LINE.test(line))
    .map(normalizeLine)
    .filter((line) => line !== '')
    .filter((line) => !/^Waiting for .* spec update to be observed\.\.\.$/.test(line))
    .filter((line, index, all) => !line.startsWith('Waiting for ') || line !== all[index - 1])
}
