/**
 * The least that following logs can cost: a program that follows the containers it is told of (the engine's socket, then
 * their ids) and throws away what comes. Says `following` when all streams are open.
 */
import { request } from 'node:http'

const [socketPath, ...ids] = process.argv.slice(2)
let open = 0
for (const id of ids)
  request({
    socketPath,
    path: `/v1.45/containers/${id}/logs?follow=true&stdout=true&stderr=true&timestamps=true`,
    agent: false,
  })
    .on('response', (response) => {
      response.resume()
      if (++open === ids.length) console.log('following')
    })
    .end()
