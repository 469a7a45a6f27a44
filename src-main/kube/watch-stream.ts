/** The events of a watch as they come: one JSON document to a line of an answer that does not end (facts 8.4.1). */
import type { IncomingMessage } from 'node:http'
import type { ApiObject } from '../common/api/api-object.ts'
import type { WatchEvent, WatchStream } from './api-client.ts'

export function openWatchStream<Kind extends ApiObject>(answer: IncomingMessage): WatchStream<Kind> {
  return {
    [Symbol.asyncIterator]: () => readEvents<Kind>(answer),
    dispose: () => void answer.destroy(),
  }
}

async function* readEvents<Kind extends ApiObject>(answer: IncomingMessage): AsyncGenerator<WatchEvent<Kind>> {
  answer.setEncoding('utf8')
  const pending: string[] = []
  try {
    for await (const chunk of answer as AsyncIterable<string>) {
      const lines = chunk.split('\n')
      // Without a line break it is a piece of a long line; pieces are joined once.
      const rest = lines.pop() ?? ''
      for (const line of lines) {
        const whole = pending.length === 0 ? line : `${pending.splice(0).join('')}${line}`
        if (whole !== '') yield JSON.parse(whole) as WatchEvent<Kind>
      }
      if (rest !== '') pending.push(rest)
    }
  } catch {
    // Broken off, or broken: to the reader as an end by the server, after which it begins again where it was.
  } finally {
    answer.destroy()
  }
}
