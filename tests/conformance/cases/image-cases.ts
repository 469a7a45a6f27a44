/** Images. */
import { expect } from 'vitest'
import { failureOf } from '../case-world.ts'
import { defineCases } from '../cri-case.ts'

/** containerd looks at its file system every ten seconds. */
const LOOKS_EVERY_NS = 15_000_000_000n
const ABSENT = { image: 'node-lab.invalid/absent:1' }

export const IMAGE_CASES = defineCases({
  'images-list': {
    given: 'an image',
    when: 'images are listed',
    then: 'it is there with its id, a name and a size, and alone when asked for by name',
    async run({ images, subject }) {
      const status = await images.imageStatus({ image: subject.image })
      expect(status?.id).toMatch(/^sha256:[0-9a-f]{64}$/)
      expect(status?.repoTags.length).toBeGreaterThan(0)
      expect(status?.size).toBeGreaterThan(0n)
      expect((await images.listImages()).filter(({ id }) => id === status?.id)).toEqual([status])
      expect(await images.listImages({ image: subject.image })).toEqual([status])
      expect(await images.listImages(ABSENT)).toEqual([])
    },
  },
  'images-status-by-id': {
    given: 'an image',
    when: 'it is asked for by its id',
    then: 'it is the same as by its name',
    async run({ images, subject }) {
      const status = await images.imageStatus({ image: subject.image })
      expect(status).toBeDefined()
      expect(await images.imageStatus({ image: status?.id ?? '' })).toEqual(status)
    },
  },
  'images-status-absent': {
    given: 'images that are not there, by name, id and digest',
    when: 'they are asked for',
    then: 'there is no error, and no image',
    async run({ images }) {
      const digest = `sha256:${'0123456789abcdef'.repeat(4)}`
      for (const image of [ABSENT.image, digest, `node-lab.invalid/absent@${digest}`])
        expect(await images.imageStatus({ image })).toBeUndefined()
    },
  },
  'images-container-by-id': {
    given: 'the id of an image',
    when: 'a container is created from it, as kubelets do',
    then: 'it runs',
    async run(world) {
      const status = await world.images.imageStatus({ image: world.subject.image })
      const { containerId } = await world.startIdle({ image: { image: status?.id ?? '' } })
      expect(await world.runtime.containerStatus(containerId)).toMatchObject({
        state: 'CONTAINER_RUNNING',
        imageRef: status?.id,
      })
    },
  },
  'images-pull-absent': {
    given: 'an image that no registry has',
    when: 'it is pulled',
    then: 'that fails with its name',
    async run({ images }) {
      const { code, message } = await failureOf(images.pullImage(ABSENT))
      expect(['NotFound', 'Unknown', 'Unavailable']).toContain(code)
      expect(message).toContain('node-lab.invalid')
    },
  },
  'images-remove-absent': {
    given: 'an image that is not there',
    when: 'it is removed',
    then: 'that is no error',
    async run({ images }) {
      expect(await images.removeImage(ABSENT)).toBeUndefined()
    },
  },
  'images-remove': {
    given: 'an image that nothing uses',
    when: 'it is removed',
    then: 'it is gone',
    async run({ images, subject }) {
      expect(await images.imageStatus({ image: subject.spareImage })).toBeDefined()
      await images.removeImage({ image: subject.spareImage })
      expect(await images.imageStatus({ image: subject.spareImage })).toBeUndefined()
    },
  },
  'images-file-system': {
    given: 'a runtime',
    when: 'asked for the file system of its images',
    then: 'it names it, with its use and the time of the look in nanoseconds',
    async run(world) {
      const before = world.subject.nowNs()
      const [info] = await world.images.imageFsInfo()
      expect(info?.mountpoint).toMatch(/^\//)
      expect(info?.usedBytes).toBeGreaterThanOrEqual(0n)
      world.expectRecent(info?.timestamp, before - LOOKS_EVERY_NS)
    },
  },
})
