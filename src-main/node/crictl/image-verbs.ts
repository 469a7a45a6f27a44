/** `crictl images`, `inspecti`, `pull`, `rmi` and `imagefsinfo`. */
import type { AuthConfig, CriImage } from '../../container-runtime/cri.ts'
import { imageToWire } from '../../container-runtime/grpc/convert-status.ts'
import { Image, ImageFsInfoResponse, ListImagesResponse } from '../../container-runtime/grpc/schema-images.ts'
import { formatSize, formatTable, shortId } from './format.ts'
import { filterImages } from './image-filters.ts'
import { formatInfo, STATUS_FLAGS } from './inspect-verbs.ts'
import { formatList, formatStatuses, outputFlag, TEMPLATE_FLAG, type StatusData } from './output.ts'
import { toProtoJson } from './proto-json.ts'
import { CrictlError, describeError, during, type Invocation, type Outcome, type Verb } from './verb.ts'

export const IMAGES: Verb = {
  name: 'images',
  aliases: ['image', 'img'],
  usage: 'List images',
  operands: '[REPOSITORY[:TAG]]',
  flags: [
    {
      name: 'verbose',
      aliases: ['v'],
      kind: 'switch',
      usage: 'Everything that is known of each image, a line for each',
    },
    { name: 'quiet', aliases: ['q'], kind: 'switch', usage: 'Only IDs' },
    {
      name: 'filter',
      aliases: ['f'],
      kind: 'texts',
      usage: 'Only images with dangling=true|false, reference=REGULAR-EXPRESSION, before=IMAGE or since=IMAGE',
    },
    outputFlag('json|yaml|table'),
    { name: 'digests', kind: 'switch', usage: 'With digests' },
    { name: 'no-trunc', kind: 'switch', usage: 'Whole IDs' },
    { name: 'pinned', kind: 'switch', usage: 'Whether images are pinned' },
  ],
  run: async (invocation) =>
    invocation.operands.length > 1 ? 'help' : during('listing images', () => printImages(invocation)),
}

export const INSPECTI: Verb = {
  name: 'inspecti',
  usage: 'Show the status of images',
  operands: 'IMAGE-ID [IMAGE-ID...]',
  flags: STATUS_FLAGS,
  run: inspectImages,
}

export const PULL: Verb = {
  name: 'pull',
  usage: 'Pull an image from a registry',
  operands: 'NAME[:TAG|@DIGEST]',
  flags: [
    { name: 'creds', kind: 'text', usage: 'USERNAME[:PASSWORD] for the registry', environment: ['CRICTL_CREDS'] },
    { name: 'auth', kind: 'text', usage: 'The same in base64', environment: ['CRICTL_AUTH'] },
  ],
  async run({ operands, flags, images, stdout }) {
    const [image, ...more] = operands
    if (image === undefined || image === '') throw new CrictlError('Image name cannot be empty')
    if (more.length > 0) return 'help'
    const auth = readCredentials(flags.text('creds'), flags.text('auth'))
    const reference = await during('pulling image', images.pullImage({ image }, auth))
    stdout(`Image is up to date for ${reference}\n`)
    return 'done'
  },
}

export const RMI: Verb = {
  name: 'rmi',
  usage: 'Remove images',
  operands: 'IMAGE-ID [IMAGE-ID...]',
  description: 'The images of a lab are shared by its nodes, so that none is removed: the answer says why.',
  flags: [
    { name: 'all', aliases: ['a'], kind: 'switch', usage: 'All images' },
    { name: 'prune', aliases: ['q'], kind: 'switch', usage: 'All images that no container uses' },
  ],
  run: removeImages,
}

export const IMAGEFSINFO: Verb = {
  name: 'imagefsinfo',
  usage: 'Show the file system of images and its use',
  flags: [outputFlag('json|yaml|go-template|table'), TEMPLATE_FLAG],
  run: printImageFileSystem,
}

async function printImages({ operands, flags, images, stdout }: Invocation): Promise<Outcome> {
  const [image] = operands
  const all = await images.listImages(image === undefined ? undefined : { image })
  const found = filterImages(all.sort(byReference), flags.texts('filter'))
  const listed = formatList(flags, () => toProtoJson(ListImagesResponse, { images: found.map(imageToWire) }))
  if (listed !== undefined) stdout(listed)
  else if (flags.isOn('quiet')) stdout(found.map(({ id }) => `${id}\n`).join(''))
  else if (flags.isOn('verbose')) stdout(found.map(describeImage).join(''))
  else stdout(tabulateImages(found, flags))
  return 'done'
}

function tabulateImages(images: CriImage[], flags: Invocation['flags']): string {
  const shorten = flags.isOn('no-trunc') ? (id: string): string => id : shortId
  const optional = (flag: string, cell: string): string[] => (flags.isOn(flag) ? [cell] : [])
  const header = ['IMAGE', 'TAG', ...optional('digests', 'DIGEST'), 'IMAGE ID', 'SIZE', ...optional('pinned', 'PINNED')]
  const rows = images.flatMap((image) => {
    const [repository = '<none>', digest = '<none>'] = image.repoDigests[0]?.split('@') ?? []
    // One row for each name of an image.
    const names = image.repoTags.length > 0 ? image.repoTags : [`${repository}:<none>`]
    return names.map((name) => {
      const colon = name.lastIndexOf(':')
      const [id, size] = [shorten(image.id), formatSize(Number(image.size))]
      const digests = optional('digests', shorten(digest))
      return [name.slice(0, colon), name.slice(colon + 1), ...digests, id, size, ...optional('pinned', 'false')]
    })
  })
  return formatTable(header, rows)
}

function describeImage({ id, repoTags, repoDigests, size, uid, username }: CriImage): string {
  return [
    `ID: ${id}\n`,
    ...repoTags.map((tag) => `RepoTags: ${tag}\n`),
    ...repoDigests.map((digest) => `RepoDigests: ${digest}\n`),
    `Size: ${size}\n`,
    ...(uid === undefined ? [] : [`Uid: value:${uid} \n`]),
    ...(username === '' ? [] : [`Username: ${username}\n`]),
    '\n',
  ].join('')
}

async function inspectImages({ operands, flags, images, stdout }: Invocation): Promise<Outcome> {
  if (operands.length === 0) return 'help'
  const format = flags.text('output') || 'json'
  const statuses: StatusData[] = []
  for (const name of operands) {
    const image = await findImage(images, name)
    if (image === undefined) throw new CrictlError(`no such image ${JSON.stringify(name)} present`)
    const info = flags.isOn('quiet') ? {} : await images.imageInfo({ image: image.id })
    if (format === 'table') {
      const { id, repoTags, repoDigests, size } = image
      const digests = repoDigests.map((digest) => `Digest: ${digest}\n`)
      stdout([`ID: ${id}\n`, ...repoTags.map((tag) => `Tag: ${tag}\n`), ...digests].join(''))
      stdout(`Size: ${formatSize(Number(size))}\n${flags.isOn('quiet') ? '' : formatInfo(info)}`)
    } else statuses.push({ status: toProtoJson(Image, imageToWire(image)), info })
  }
  if (format !== 'table') stdout(formatStatuses(statuses, format, flags.text('template')))
  return 'done'
}

async function removeImages(invocation: Invocation): Promise<Outcome> {
  const { operands, flags, images, stdout, log } = invocation
  const isPrune = flags.isOn('prune')
  const isSweep = flags.isOn('all') || isPrune
  const wanted = new Set([...operands, ...(isSweep ? (await images.listImages()).map(({ id }) => id) : [])])
  if (isPrune) for (const { imageRef } of await invocation.runtime.listContainers()) wanted.delete(imageRef)
  if (wanted.size === 0 && !isSweep) return 'help'
  if (wanted.size === 0) log('info', 'No images to remove')
  const failures: string[] = []
  for (const name of wanted) {
    const image = await findImage(images, name)
    if (image === undefined) {
      failures.push(`no such image ${name}`)
      continue
    }
    try {
      await images.removeImage({ image: operands.includes(name) ? name : image.id })
      const names = image.repoTags.length > 0 ? image.repoTags : image.repoDigests
      stdout(names.map((removed) => `Deleted: ${removed}\n`).join(''))
    } catch (error) {
      failures.push(`error of removing image ${JSON.stringify(name)}: ${describeError(error)}`)
    }
  }
  if (isPrune) {
    // cri-tools says nothing of those that stay; where none may be removed, that would look like success.
    if (failures[0] !== undefined) log('warning', `${failures.length} images stay, the first for this: ${failures[0]}`)
    return 'done'
  }
  for (const failure of failures) log('error', failure)
  if (failures.length > 0) throw new CrictlError('unable to remove the image(s)')
  return 'done'
}

/** By name, id or the beginning of an id. */
async function findImage(images: Invocation['images'], name: string): Promise<CriImage | undefined> {
  const digits = name.replace(/^sha256:/, '')
  const isId = /^[0-9a-f]{3,64}$/.test(digits)
  const byId = isId ? (await images.listImages()).find(({ id }) => id.startsWith(`sha256:${digits}`)) : undefined
  return byId ?? images.imageStatus({ image: name })
}

async function printImageFileSystem({ operands, flags, images, stdout }: Invocation): Promise<Outcome> {
  if (operands.length > 0) return 'help'
  const found = await during('image filesystem info request', images.imageFsInfo())
  const filesystems = found.map(({ timestamp, mountpoint, usedBytes, inodesUsed }) => ({
    timestamp,
    fsId: { mountpoint },
    usedBytes: { value: usedBytes },
    inodesUsed: { value: inodesUsed },
  }))
  const format = flags.text('output') || 'json'
  if (format === 'table') {
    const lines = found.map(({ timestamp, mountpoint, usedBytes, inodesUsed }, index) =>
      [
        `TimeStamp[${index}]: ${timestamp}\n`,
        `Disk[${index}]: ${formatSize(Number(usedBytes), 4)}\n`,
        `Inodes[${index}]: ${inodesUsed}\n`,
        `Mountpoint[${index}]: ${mountpoint}\n`,
      ].join(''),
    )
    stdout(`Container Filesystem \n${lines.join('')}Image Filesystem \n${lines.join('')}`)
    return 'done'
  }
  // Layers of images and of containers are on the same one.
  const answer = { imageFilesystems: filesystems, containerFilesystems: filesystems }
  const status = toProtoJson(ImageFsInfoResponse, answer)
  stdout(formatStatuses([{ status, info: {} }], format, flags.text('template')))
  return 'done'
}

function readCredentials(credentials: string, auth: string): AuthConfig | undefined {
  if (credentials !== '' && auth !== '') throw new CrictlError('both `--creds` and `--auth` are specified')
  if (credentials === '' && auth === '') return undefined
  const [username = '', ...password] = credentials.split(':')
  const named = { username, password: password.join(':'), auth }
  return { ...named, serverAddress: '', identityToken: '', registryToken: '' }
}

function byReference(left: CriImage, right: CriImage): number {
  const reference = ({ repoTags, repoDigests, id }: CriImage): string => repoTags[0] ?? repoDigests[0] ?? id
  return reference(left) < reference(right) ? -1 : 1
}
