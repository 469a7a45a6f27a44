/** Containers, a volume and a network on an engine that is being tried, asked for as the runtime service does. */
import { randomUUID } from 'node:crypto'
import { EngineClient } from '../../../src-main/container-runtime/docker/engine-client.ts'
import { waitUntil } from '../wait-until.ts'

export const RUN_FOREVER = "trap 'exit 0' TERM; while :; do sleep 0.1; done"
/** On everything that a trial makes. */
export const TRIAL_LABEL = 'io.node-lab.trial'

export interface Inspection {
  State: { Status: string; Running: boolean; OOMKilled: boolean; ExitCode: number }
  HostConfig: { RestartPolicy: { Name: string }; Memory: number }
  NetworkSettings: { Networks: Record<string, { IPAddress: string }> | null }
}

interface CreateOptions {
  body?: object
  hostConfig?: object
}

export class Trial {
  readonly engine: EngineClient
  readonly id = randomUUID()
  readonly #image: string

  constructor(endpoint: string, image: string) {
    this.engine = new EngineClient(endpoint.replace(/^unix:\/\//, ''))
    this.#image = image
  }

  get labels(): Record<string, string> {
    return { [TRIAL_LABEL]: this.id }
  }

  name(part: string): string {
    return `trial-${this.id.slice(0, 8)}-${part}`
  }

  async create(part: string, script: string, { body, hostConfig }: CreateOptions = {}): Promise<string> {
    const { Id: id } = await this.engine.json<{ Id: string }>('/containers/create', {
      method: 'POST',
      query: { name: this.name(part) },
      body: {
        ...{ Image: this.#image, Entrypoint: ['sh', '-c', script], Cmd: [], Labels: this.labels, ...body },
        HostConfig: { NetworkMode: 'none', ...hostConfig },
      },
    })
    return id
  }

  async start(part: string, script: string, options: CreateOptions = {}): Promise<string> {
    const id = await this.create(part, script, options)
    await this.post(`/containers/${id}/start`)
    return id
  }

  /** Output of a container that runs to its end. */
  async runToEnd(part: string, script: string, hostConfig: object = {}): Promise<string> {
    const id = await this.start(part, script, { hostConfig })
    await this.wait(id)
    return this.output(id)
  }

  async wait(id: string): Promise<number> {
    const { StatusCode: code } = await this.engine.json<{ StatusCode: number }>(`/containers/${id}/wait`, {
      method: 'POST',
    })
    return code
  }

  async post(path: string, query: Record<string, string | number> = {}): Promise<void> {
    await this.engine.text(path, { method: 'POST', query })
  }

  inspect(id: string): Promise<Inspection> {
    return this.engine.json<Inspection>(`/containers/${id}/json`)
  }

  /** Both outputs, with the stream's number and a colon before each change of the stream. */
  async output(id: string, query: Record<string, string | boolean> = {}): Promise<string> {
    const stream = await this.engine.stream(`/containers/${id}/logs`, {
      query: { stdout: true, stderr: true, ...query },
    })
    return demultiplex((await stream.toArray()) as Buffer[])
  }

  /** Output of one that runs on, once it has said `done`. */
  said(id: string): Promise<string> {
    return waitUntil({ what: 'a container to say what it sees', timeoutSeconds: 20 }, async () => {
      const output = await this.output(id)
      if (!output.includes('done')) throw new Error(output)
      return output
    })
  }

  async exec(id: string, script: string, input: string): Promise<{ output: string; exitCode: number }> {
    const { Id: exec } = await this.engine.json<{ Id: string }>(`/containers/${id}/exec`, {
      method: 'POST',
      body: { AttachStdin: true, AttachStdout: true, AttachStderr: true, Cmd: ['sh', '-c', script] },
    })
    const connection = await this.engine.upgrade(`/exec/${exec}/start`, { method: 'POST', body: { Detach: false } })
    connection.end(input)
    const output = demultiplex((await connection.toArray()) as Buffer[])
    const { ExitCode: exitCode } = await this.engine.json<{ ExitCode: number }>(`/exec/${exec}/json`)
    return { output, exitCode }
  }

  /** Removes everything that was made. */
  async dispose(): Promise<void> {
    const query = { all: true, filters: JSON.stringify({ label: [`${TRIAL_LABEL}=${this.id}`] }) }
    const remove = (path: string): Promise<unknown> =>
      this.engine.text(path, { method: 'DELETE', query: { force: true, v: true } })
    await waitUntil({ what: 'everything of the trial to be removed' }, async () => {
      const left = await this.engine.json<{ Id: string }[]>('/containers/json', { query })
      // Podman keeps a container for as long as another one uses its namespaces: those are removed in the next round.
      await Promise.allSettled(left.map(({ Id: id }) => remove(`/containers/${id}`)))
      return left.length === 0 ? true : undefined
    })
    // A trial that broke off early has made neither.
    await Promise.allSettled([remove(`/volumes/${this.name('volume')}`), remove(`/networks/${this.name('network')}`)])
    this.engine.dispose()
  }
}

function demultiplex(chunks: Buffer[]): string {
  const bytes = Buffer.concat(chunks)
  let text = ''
  let last: number | undefined
  for (let at = 0; at + 8 <= bytes.length;) {
    const end = at + 8 + bytes.readUInt32BE(at + 4)
    const stream = bytes[at]
    text += `${stream === last ? '' : `${stream ?? 0}:`}${bytes.subarray(at + 8, end).toString()}`
    last = stream
    at = end
  }
  return text
}

/** @throws Error that says what was found instead */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (found !== wanted) throw new Error(`${what} is ${found}, not ${wanted}`)
}
