import { describe, expect, it } from 'vitest'
import { HttpProblem } from './http-problem.ts'
import { computeRequestAttributes } from './request-attributes.ts'
import type { RouteOptions } from './request-route.ts'
import { metricsPath, parsePath, routeRequest } from './request-route.ts'

const ALL: RouteOptions = { serves: 'everything', debuggingHandlers: true, systemLogHandler: true }

function route(words: string, options: Partial<RouteOptions> = {}) {
  const [method = '', url = ''] = words.split(' ')
  try {
    return routeRequest(method, parsePath(url), { ...ALL, ...options })
  } catch (error) {
    if (error instanceof HttpProblem) return `${error.status} ${error.message.trim()}`
    throw error
  }
}

const container = { namespace: 'ns', pod: 'p', uid: '', container: 'c' }

describe('given a path', () => {
  it.each([
    ['GET /healthz', { kind: 'Health', check: '' }],
    ['GET /healthz/syncloop', { kind: 'Health', check: 'syncloop' }],
    ['GET /pods', { kind: 'ListPods' }],
    ['GET /pods/', { kind: 'ListPods' }],
    ['GET /runningpods/', { kind: 'ListRunningPods' }],
    ['GET /stats/summary?only_cpu_and_memory=true', { kind: 'GetSummary' }],
    ['GET /metrics', { kind: 'GetMetrics', of: 'kubelet' }],
    ['GET /metrics/resource', { kind: 'GetMetrics', of: 'resource' }],
    ['GET /containerLogs/ns/p/c?follow=true', { kind: 'ReadLog', target: container }],
    ['POST /run/ns/p/c?cmd=ls', { kind: 'Run', target: container }],
    ['GET /exec/ns/p/u/c', { kind: 'Exec', target: { ...container, uid: 'u' } }],
    ['POST /attach/ns/p/c', { kind: 'Attach', target: container }],
    ['GET /portForward/ns/p', { kind: 'PortForward', target: { namespace: 'ns', pod: 'p', uid: '' } }],
    ['GET /logs/pods/a%20b', { kind: 'ReadSystemLog', path: ['pods', 'a b'] }],
    ['GET /configz', { kind: 'GetConfiguration' }],
    ['GET /', '404 404 page not found'],
    ['GET /metrics/cadvisor', '404 404 page not found'],
    ['GET /exec/ns/p', '404 404 page not found'],
    ['GET /stats/../exec/ns/p/c', '404 404 page not found'],
    ['GET /healthz/', '404 404 page not found'],
    ['GET /healthz/ping/', '404 404 page not found'],
    ['DELETE /stats/summary', '405 405: Method Not Allowed'],
    ['GET /%zz', '400 Bad Request'],
    ['POST /pods', '405 405: Method Not Allowed'],
    ['GET /run/ns/p/c', '405 405: Method Not Allowed'],
  ])('when %s is asked, then it is what upstream serves there', (words, wanted) => {
    expect(route(words)).toEqual(wanted)
  })

  it.each(['GET /exec/ns/p/c', 'POST /run/ns/p/c', 'GET /containerLogs/ns/p/c', 'GET /runningpods/', 'GET /logs/'])(
    'when debugging is switched off, then %s says so, and reading goes on',
    (words) => {
      expect(route(words, { debuggingHandlers: false })).toBe('405 Debug endpoints are disabled.')
      expect(route('GET /pods', { debuggingHandlers: false })).toEqual({ kind: 'ListPods' })
    },
  )

  it('when the port only reads, or only tells health, then the rest is not there', () => {
    expect(route('GET /metrics/probes', { serves: 'reading' })).toEqual({ kind: 'GetMetrics', of: 'probes' })
    for (const words of ['GET /exec/ns/p/c', 'GET /containerLogs/ns/p/c', 'GET /configz', 'GET /logs/'])
      expect(route(words, { serves: 'reading' })).toBe('404 404 page not found')
    expect(route('GET /healthz', { serves: 'health' })).toEqual({ kind: 'Health', check: '' })
    expect(route('GET /pods', { serves: 'health' })).toBe('404 404 page not found')
  })

  it('when system logs are switched off, then it says so', () => {
    expect(route('GET /logs/', { systemLogHandler: false })).toBe('405 logs endpoint is disabled.')
  })

  it.each([
    ['GET', 'pods', 'get pods proxy'],
    ['GET', 'runningpods', 'get pods proxy'],
    ['GET', 'configz', 'get configz proxy'],
    ['GET', 'healthz', 'get healthz proxy'],
    ['GET', 'stats', 'get stats'],
    ['GET', 'metrics', 'get metrics'],
    ['GET', 'logs', 'get log'],
    ['POST', 'exec', 'create proxy'],
    ['GET', 'containerLogs', 'get proxy'],
    ['GET', 'constructor', 'get proxy'],
  ])('when %s of /%s is to be allowed, then it is %s', (method, root, wanted) => {
    const attributes = computeRequestAttributes(method, root, 'node01')
    expect([attributes[0]?.verb, ...attributes.map(({ subresource }) => subresource)].join(' ')).toBe(wanted)
  })

  it('when it is counted, then unknown ones are taken together', () => {
    const of = (url: string): string => metricsPath(parsePath(url))
    expect([of('/pods'), of('/metrics/resource'), of('/metrics/x'), of('/x/y')]).toEqual([
      'pods',
      'metrics/resource',
      'metrics',
      'other',
    ])
  })
})
