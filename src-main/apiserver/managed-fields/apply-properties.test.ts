/** What holds of server-side apply whatever is applied. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnknownObject } from '../../common/api/api-object.ts'
import { POD_SCHEMA } from '../../common/api/pod-schema.ts'
import type { BodyKind } from '../serialization/json/decode-body.ts'
import { applyConfiguration } from './apply-configuration.ts'
import { decodeApplied } from './decode-applied.ts'
import { withoutManagers } from './managers.ts'

const POD: BodyKind = { group: '', version: 'v1', kind: 'Pod', schema: POD_SCHEMA }

interface Choice {
  labels: Record<string, string>
  containers: { name: string; image?: string; env?: { name: string; value: string }[] }[]
  finalizers: string[]
  hostname?: string
}

const names = fc.constantFrom('a', 'b', 'c', 'd')
const values = fc.constantFrom('1', '2', '3')
const env = fc.uniqueArray(fc.record({ name: names, value: values }), { selector: ({ name }) => name, maxLength: 3 })
const containers = fc.uniqueArray(fc.record({ name: names, image: values, env }, { requiredKeys: ['name'] }), {
  selector: ({ name }) => name,
  minLength: 1,
  maxLength: 4,
})
const choice: fc.Arbitrary<Choice> = fc.record(
  {
    labels: fc.dictionary(names, values, { maxKeys: 3 }),
    containers,
    finalizers: fc.uniqueArray(names, { maxLength: 3 }),
    hostname: values,
  },
  { requiredKeys: ['labels', 'containers', 'finalizers'] },
)

function configuration({ labels, containers: all, finalizers, hostname }: Choice): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', labels, finalizers },
    spec: { containers: all, ...(hostname === undefined ? {} : { hostname }) },
  }
}

function apply(live: UnknownObject | undefined, chosen: Choice, manager: string): UnknownObject {
  const { object } = decodeApplied(Buffer.from(JSON.stringify(configuration(chosen))), POD, 'Strict')
  return applyConfiguration(live, object, { kind: POD, manager, subresource: '', now: 0, force: true })
}

/** The labels, finalizers and containers with their parts, each by its name. */
function content(object: UnknownObject): Record<string, unknown> {
  const { labels, finalizers, containers: all, hostname } = parts(object)
  const items = all.map(({ name, image, env: variables = [] }): [string, unknown] => [
    `container ${name}`,
    { image, env: Object.fromEntries(variables.map((variable) => [variable.name, variable.value])) },
  ])
  return { labels, finalizers: finalizers.toSorted(), hostname, ...Object.fromEntries(items) }
}

function parts({ metadata, ...rest }: UnknownObject): Choice {
  const { containers: all = [], hostname } = rest['spec'] as Partial<Choice>
  const { labels = {}, finalizers = [] } = metadata
  return { labels, finalizers, containers: all, ...(hostname === undefined ? {} : { hostname }) }
}

describe('server-side apply of anything', () => {
  it('given one applier, when it applies something else, then nothing of the first is left and the order is its own', () => {
    fc.assert(
      fc.property(choice, choice, (first, second) => {
        const result = apply(apply(undefined, first, 'one'), second, 'one')
        expect(content(result)).toEqual(content(apply(undefined, second, 'one')))
        expect(parts(result).containers.map(({ name }) => name)).toEqual(second.containers.map(({ name }) => name))
      }),
    )
  })

  it('given any object, when the same is applied twice, then the second time changes nothing', () => {
    fc.assert(
      fc.property(choice, choice, (other, chosen) => {
        const live = apply(apply(undefined, other, 'other'), chosen, 'one')
        expect(apply(live, chosen, 'one')).toEqual(live)
      }),
    )
  })

  it('given two appliers, when one applies, then it has all that it said and the other keeps what it said alone', () => {
    fc.assert(
      fc.property(choice, choice, (theirs, ours) => {
        const result = parts(apply(apply(undefined, theirs, 'they'), ours, 'we'))
        expect(result.labels).toEqual({ ...theirs.labels, ...ours.labels })
        expect(new Set(result.finalizers)).toEqual(new Set([...theirs.finalizers, ...ours.finalizers]))
        expect(result.hostname).toBe(ours.hostname ?? theirs.hostname)
        for (const { name, image } of ours.containers) {
          const before = theirs.containers.find((container) => container.name === name)
          expect(result.containers.find((container) => container.name === name)?.image).toBe(image ?? before?.image)
        }
        expect(new Set(result.containers.map(({ name }) => name))).toEqual(
          new Set([...theirs.containers, ...ours.containers].map(({ name }) => name)),
        )
      }),
    )
  })

  it('given two appliers, when one takes all of its own back but what both said, then the other has what it said', () => {
    fc.assert(
      fc.property(choice, choice, (theirs, ours) => {
        const both = apply(apply(undefined, ours, 'we'), theirs, 'they')
        const result = apply(both, theirs, 'we')
        expect(content(withoutManagers(result))).toEqual(content(apply(undefined, theirs, 'they')))
      }),
    )
  })
})
