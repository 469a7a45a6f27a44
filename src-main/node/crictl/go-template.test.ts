import { describe, expect, it } from 'vitest'
import { renderGoTemplate } from './go-template.ts'

const data = {
  status: {
    id: 'c1',
    exitCode: 0,
    mounts: [{ path: '/a' }, { path: '/b' }],
    labels: { 'io.x/name': 'web', zone: 'z' },
  },
  info: { pids: [] },
}

describe('given a status as JSON', () => {
  it.each([
    ['{{.status.id}}', 'c1'],
    ['{{ index .status.labels "io.x/name" | upper }}', 'WEB'],
    ['{{range .status.mounts}}{{.path}} {{end}}', '/a /b '],
    ['{{range $i, $m := .status.mounts}}{{$i}}={{$m.path}}{{if eq $i 0}},{{end}}{{end}}', '0=/a,1=/b'],
    ['{{range $k, $v := .status.labels}}{{$k}}:{{$v}} {{end}}', 'io.x/name:web zone:z '],
    ['{{range .info.pids}}x{{else}}none{{end}}', 'none'],
    ['{{if .info.pids}}a{{else if .status.exitCode}}b{{else}}c{{end}}', 'c'],
    ['{{with .status.labels}}{{.zone}} {{$.status.id}}{{end}}', 'z c1'],
    ['{{$n := len .status.mounts}}{{printf "%d of %q" $n .status.id}}', '2 of "c1"'],
    ['a {{- /* no word */ -}} b', 'ab'],
    ['{{json .status.mounts}}', '[{"path":"/a"},{"path":"/b"}]\n'],
    ['{{(index .status.mounts 1).path}}', '/b'],
    ['{{.status.mounts}}', '[map[path:/a] map[path:/b]]'],
  ])('when %s is filled in, then it is %j', (template, text) => {
    expect(renderGoTemplate(template, data)).toBe(text)
  })

  it.each([
    ['{{.status.nope}}', 'map has no entry for key "nope"'],
    ['{{.status.id.x}}', "can't evaluate field x"],
    ['{{fly .status}}', 'function "fly" not defined'],
    ['{{.status', 'unclosed action'],
    ['{{if .status}}', 'unexpected EOF'],
    ['{{end}}', 'unexpected {{end}}'],
    ['{{range .status.id}}{{end}}', "range can't iterate over c1"],
    ['{{}}', 'missing value for command'],
    ['{{index .status.mounts 7}}', 'index out of range: 7'],
    ['{{$x}}', 'undefined variable "$x"'],
  ])('when %s is filled in, then it is refused', (template, part) => {
    expect(() => renderGoTemplate(template, data)).toThrow(part)
  })
})
