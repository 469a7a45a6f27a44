/** An engine of any version, asked what it has: without a version in the path, which some refuse. */
import { request } from 'node:http'

/** @throws Error with the status and the engine's words */
export function askEngine<T>(endpoint: string, path: string): Promise<T> {
  const socketPath = endpoint.replace(/^unix:\/\//, '')
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, agent: false, path, headers: { Host: 'engine' } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(JSON.parse(text) as T)
        else reject(new Error(`GET ${path}: ${answer.statusCode ?? 0} ${text}`))
      })
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/** Names of containers and volumes, and of networks beyond those that every engine has. */
export async function listMade(endpoint: string): Promise<string[]> {
  const [containers, { Volumes: volumes }, networks] = await Promise.all([
    askEngine<{ Names: string[] }[]>(endpoint, '/containers/json?all=1'),
    askEngine<{ Volumes: { Name: string }[] | null }>(endpoint, '/volumes'),
    askEngine<{ Name: string }[]>(endpoint, '/networks'),
  ])
  const builtIn = ['bridge', 'host', 'none', 'podman']
  return [
    ...containers.flatMap(({ Names: names }) => names),
    ...[...(volumes ?? []), ...networks].map(({ Name: name }) => name).filter((name) => !builtIn.includes(name)),
  ]
}

export async function listImageTags(endpoint: string): Promise<string[]> {
  const images = await askEngine<{ RepoTags: string[] | null }[]>(endpoint, '/images/json')
  return images.flatMap(({ RepoTags: tags }) => tags ?? [])
}
