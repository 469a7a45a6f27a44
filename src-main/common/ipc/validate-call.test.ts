import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLabError } from '../lab-error.ts'
import { validateCall, validateStream } from './validate-call.ts'

const NODE = { lab: 'default', node: 'node01' }
const POD = { ...NODE, namespace: 'default', pod: 'web-node01' }
const MiB = 1024 * 1024
const TERMINAL = 'abcdefghijklmnopqrst-_'
const SIZE = { columns: 80, rows: 24 }
const CONTAINER = { kind: 'container', node: 'node01', namespace: 'default', pod: 'web-node01' }

function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isLabError(error) && error.kind === 'BadRequest') return error.message
    throw error
  }
  throw new Error('not refused')
}

describe('validateCall', () => {
  it.each<[string, object]>([
    ['app/info', {}],
    ['lab/up', { lab: 'default' }],
    ['lab/up', { lab: 'default', nodes: 3 }],
    ['node/add', { lab: 'default' }],
    ['node/stop', NODE],
    ['node/change-settings', { ...NODE, change: { maxPods: '20', labels: null } }],
    ['manifest/apply', { ...NODE, name: 'web.yaml', content: 'x', replace: true }],
    ['manifest/apply', { ...NODE, name: 'web.yaml', content: '' }],
    ['pod/crash', { ...POD, container: 'nginx' }],
    ['timeline/list', NODE],
    ['terminal/open', { lab: 'default', target: { kind: 'node', node: 'node01' }, ...SIZE }],
    ['terminal/open', { lab: 'default', target: { ...CONTAINER, container: 'nginx' }, ...SIZE }],
    ['terminal/open', { lab: 'default', target: { kind: 'kubectl' }, ...SIZE }],
    ['terminal/input', { terminal: TERMINAL, data: '\u0003' }],
    ['task/cancel', { id: '4711-2' }],
    ['simulated/add', { lab: 'default', count: 500 }],
    ['image/missing', { images: ['nginx', 'ghost/app:9'] }],
  ])('given %s with %j, then both come back', (name, parameters) => {
    expect(validateCall(name, parameters)).toEqual({ name, parameters })
  })

  it('given an optional field that is undefined, then it counts as absent', () => {
    expect(validateCall('lab/up', { lab: 'default', nodes: undefined }).parameters).toEqual({ lab: 'default' })
  })

  it.each<[unknown, unknown, string]>([
    ['lab/explode', {}, 'There is no call "lab/explode"'],
    ['__proto__', {}, 'There is no call "__proto__"'],
    ['constructor', {}, 'There is no call "constructor"'],
    [5, {}, 'There is no call number'],
    ['app/info', null, 'app/info: the parameters have to be an object'],
    ['app/info', [], 'app/info: the parameters have to be an object'],
    ['app/info', undefined, 'app/info: the parameters have to be an object'],
    ['app/info', { x: 1 }, 'app/info: x: is not known'],
    ['lab/down', {}, 'lab/down: lab: is missing'],
    ['node/change-settings', { ...NODE, change: [] }, 'node/change-settings: change: has to be an object'],
    ['node/change-settings', { ...NODE, change: { port: '1' } }, 'node/change-settings: change: has no setting "port"'],
    [
      'node/change-settings',
      { ...NODE, change: { maxPods: 20 } },
      'node/change-settings: change: maxPods has to be null, or text of at most 4096 characters',
    ],
    ['lab/down', { lab: 5 }, 'lab/down: lab: has to be text'],
    ['lab/down', { lab: '../x' }, 'lab/down: lab: A lab name'],
    ['lab/up', { lab: 'a', nodes: 0 }, 'lab/up: nodes: has to be a whole number from 1 to 50'],
    ['lab/up', { lab: 'a', nodes: 1.5 }, 'lab/up: nodes:'],
    ['lab/up', { lab: 'a', nodes: '2' }, 'lab/up: nodes:'],
    ['lab/up', { lab: 'a', nodes: Number.NaN }, 'lab/up: nodes:'],
    ['lab/up', { lab: 'a', nodes: null }, 'lab/up: nodes:'],
    ['node/stop', { lab: 'a', node: 'A' }, 'node/stop: node: A node name'],
    ['manifest/read', { ...NODE, name: '../../etc/passwd' }, 'manifest/read: name: A file name cannot contain a slash'],
    ['manifest/read', { ...NODE, name: '.x' }, 'manifest/read: name: A kubelet does not read'],
    ['manifest/apply', { ...NODE, name: 'a', content: 5 }, 'manifest/apply: content: has to be text'],
    [
      'manifest/apply',
      { ...NODE, name: 'a', content: 'x', replace: 'yes' },
      'manifest/apply: replace: has to be true or false',
    ],
    [
      'manifest/apply',
      { ...NODE, name: 'a', content: 'x'.repeat(10 * MiB + 1) },
      'manifest/apply: content: has more than',
    ],
    ['manifest/apply', { ...NODE, name: 'a', content: '웹'.repeat(4 * MiB) }, 'manifest/apply: content: has more than'],
    ['simulated/add', { lab: 'a', count: 501 }, 'simulated/add: count: has to be a whole number from 1 to 500'],
    ['image/missing', { images: 'nginx' }, 'image/missing: images: has to be a list'],
    ['image/missing', { images: ['nginx', 5] }, 'image/missing: images: has an image name'],
    ['image/missing', { images: Array.from({ length: 101 }, () => 'a') }, 'image/missing: images: has to be a list'],
    ['pod/crash', { ...POD, pod: 'A/b' }, 'pod/crash: pod:'],
    ['pod/crash', { ...POD, namespace: 'a.b' }, 'pod/crash: namespace:'],
    ['task/cancel', { id: '../1' }, 'task/cancel: id: is not the id of a task'],
    ['pod/crash', { ...POD, container: '' }, 'pod/crash: container:'],
    ['terminal/open', { lab: 'a', target: null, ...SIZE }, 'terminal/open: target: has to be an object'],
    ['terminal/open', { lab: 'a', target: { kind: 'laptop' }, ...SIZE }, 'target: kind: has to be one of node,'],
    ['terminal/open', { lab: 'a', target: { kind: 'toString' }, ...SIZE }, 'target: kind: has to be one of node,'],
    ['terminal/open', { lab: 'a', target: { kind: 'node', node: '../x' }, ...SIZE }, 'target: node: A node name'],
    [
      'terminal/open',
      { lab: 'a', target: { kind: 'kubectl', command: 'sh' }, ...SIZE },
      'target: command: is not known',
    ],
    ['terminal/open', { lab: 'a', target: { ...CONTAINER, pod: '$(id)' }, ...SIZE }, 'target: pod:'],
    ['terminal/open', { lab: 'a', target: { kind: 'kubectl' }, columns: 0, rows: 24 }, 'terminal/open: columns:'],
    ['terminal/input', { terminal: '../../x', data: 'x' }, 'terminal/input: terminal: is not the id'],
    ['terminal/input', { terminal: TERMINAL, data: 'x'.repeat(32 * 1024 + 1) }, 'terminal/input: data: has more than'],
    ['terminal/resize', { terminal: TERMINAL, columns: 80, rows: 1e9 }, 'terminal/resize: rows:'],
  ])('given %s with %o, then it is refused naming channel and field', (name, parameters, message) => {
    expect(refusal(() => validateCall(name, parameters))).toContain(message)
  })

  it('given anything, then it returns or throws a LabError, and adds no field', () => {
    const name = fc.constantFrom('lab/up', 'manifest/apply', 'pod/crash', 'app/info')
    const field = fc.constantFrom('lab', 'node', 'nodes', 'name', 'content', 'replace', 'x', '__proto__')
    fc.assert(
      fc.property(name, fc.oneof(fc.anything(), fc.dictionary(field, fc.anything())), (call, parameters) => {
        try {
          const { parameters: valid } = validateCall(call, parameters)
          for (const key of Object.keys(valid)) expect(Object.keys(parameters as object)).toContain(key)
        } catch (error) {
          expect(isLabError(error)).toBe(true)
        }
      }),
    )
  })
})

describe('validateStream', () => {
  it('given right parameters, then they come back', () => {
    const parameters = { ...POD, previous: true, tailLines: 0, timestamps: false }
    expect(validateStream('pod/logs', parameters)).toEqual({ name: 'pod/logs', parameters })
  })

  it.each<[unknown, object, string]>([
    ['lab/up', {}, 'There is no stream "lab/up"'],
    ['pod/logs', { ...POD, tailLines: -1 }, 'pod/logs: tailLines:'],
    ['pod/logs', { ...POD, follow: true }, 'pod/logs: follow: is not known'],
    ['pod/logs', NODE, 'pod/logs: namespace: is missing'],
    ['terminal/output', { terminal: TERMINAL, from: -1 }, 'terminal/output: from:'],
  ])('given %s with %j, then it is refused', (name, parameters, message) => {
    expect(refusal(() => validateStream(name, parameters))).toContain(message)
  })
})
