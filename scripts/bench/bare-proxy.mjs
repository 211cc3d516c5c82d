import { createServer } from 'node:http'
import { Agent } from 'undici'

/** The least a proxy on node and undici can be: no keys, no record, headers and bytes passed on. */
const origin = process.argv[2]
const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 })
const own = new Set(['host', 'connection', 'keep-alive', 'transfer-encoding'])

const server = createServer(async (message, response) => {
  const headers = Object.fromEntries(Object.entries(message.headers).filter(([name]) => !own.has(name)))
  const answer = await agent.request({ origin, path: message.url, method: message.method, headers, body: message })
  for (const name of own) delete answer.headers[name]
  response.writeHead(answer.statusCode, answer.headers)
  answer.body.pipe(response)
})

process.on('disconnect', () => process.exit(0))
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => process.send({ port: server.address().port }))
