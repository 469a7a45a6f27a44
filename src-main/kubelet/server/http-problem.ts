/** A request that is answered with a status and a text, as a kubelet answers: bare text, no `Status` object. */
export class HttpProblem extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, text: string, headers: Readonly<Record<string, string>> = {}) {
    super(text)
    this.name = 'HttpProblem'
    this.status = status
    this.headers = headers
  }
}
