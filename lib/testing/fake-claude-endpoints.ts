import { answerMessage, type Call } from './fake-claude-answer'
import { readMessagesBody } from './fake-claude-body'
import { errorBody, sendBytes, sendJson } from './fake-claude-replies'
import { tokensOf } from './fake-claude-usage'

type Route = readonly [method: string, path: RegExp, answer: (call: Call) => Promise<void>]

/** The endpoints beside messages, with as much memory as a client can notice. */
export class FakeEndpoints {
  private readonly batches = new Map<string, object>()
  private readonly files = new Map<string, { readonly meta: object; readonly bytes: Buffer }>()
  private refreshToken = 'sk-ant-ort01-fake-0'
  private refreshes = 0

  private readonly routes: readonly Route[] = [
    ['POST', /^\/v1\/messages$/, (call) => answerMessage(call, 'auto')],
    ['POST', /^\/v1\/messages\/count_tokens$/, countTokens],
    ['GET', /^\/v1\/models$/, (call) => sendJson(call, 200, listOf(models))],
    ['GET', /^\/v1\/models\/[^/]+$/, getModel],
    ['*', /^\/v1\/messages\/batches$/, (call) => this.batchList(call)],
    ['*', /^\/v1\/messages\/batches\/./, (call) => this.batch(call)],
    ['*', /^\/v1\/files$/, (call) => this.fileList(call)],
    ['*', /^\/v1\/files\/./, (call) => this.file(call)],
    ['POST', /^\/v1\/oauth\/token$/, (call) => this.token(call)],
  ]

  /** false: this path is unknown. */
  async answer(call: Call): Promise<boolean> {
    const { path } = call.record
    const method = call.record.method === 'HEAD' ? 'GET' : call.record.method
    const route = this.routes.find(([wanted, pattern]) => ['*', method].includes(wanted) && pattern.test(path))
    await route?.[2](call)
    return route !== undefined
  }

  private async batchList(call: Call): Promise<void> {
    if (call.record.method !== 'POST') return sendJson(call, 200, listOf([...this.batches.values()]))
    const id = `msgbatch_fake${this.batches.size + 1}`
    const batch = {
      id,
      type: 'message_batch',
      processing_status: 'ended',
      request_counts: { processing: 0, succeeded: 1, errored: 0, canceled: 0, expired: 0 },
      created_at: createdAt,
      expires_at: createdAt,
      ended_at: createdAt,
      results_url: `https://api.anthropic.com/v1/messages/batches/${id}/results`,
    }
    this.batches.set(id, batch)
    await sendJson(call, 200, batch)
  }

  private async batch(call: Call): Promise<void> {
    const [id = '', action] = call.record.path.slice('/v1/messages/batches/'.length).split('/')
    const batch = this.batches.get(id)
    if (!batch) return notFound(call)
    if (action !== 'results') return sendJson(call, 200, batch)
    const line = JSON.stringify({ custom_id: 'first', result: { type: 'canceled' } })
    await sendBytes(call, { status: 200, type: 'application/x-jsonl', bytes: Buffer.from(`${line}\n`) })
  }

  private async fileList(call: Call): Promise<void> {
    const metas = [...this.files.values()].map((file) => file.meta)
    if (call.record.method !== 'POST') return sendJson(call, 200, listOf(metas))
    const id = `file_fake${this.files.size + 1}`
    const meta = {
      id,
      type: 'file',
      filename: 'upload.bin',
      mime_type: 'application/octet-stream',
      size_bytes: call.record.body.length,
      created_at: createdAt,
      downloadable: true,
    }
    this.files.set(id, { meta, bytes: call.record.body })
    await sendJson(call, 200, meta)
  }

  private async file(call: Call): Promise<void> {
    const [id = '', part] = call.record.path.slice('/v1/files/'.length).split('/')
    const file = this.files.get(id)
    if (!file) return notFound(call)
    if (call.record.method === 'DELETE') this.files.delete(id)
    if (part === 'content') return sendBytes(call, { status: 200, type: 'application/octet-stream', bytes: file.bytes })
    await sendJson(call, 200, call.record.method === 'DELETE' ? { id, type: 'file_deleted' } : file.meta)
  }

  /** Each refresh token works once, as the real ones do. */
  private async token(call: Call): Promise<void> {
    const body = readMessagesBody(call.record.body) as { refresh_token?: string } | null
    if (body?.refresh_token !== this.refreshToken) {
      return sendJson(call, 400, { error: 'invalid_grant', error_description: 'Refresh token not found or invalid' })
    }
    this.refreshes += 1
    this.refreshToken = `sk-ant-ort01-fake-${this.refreshes}`
    await sendJson(call, 200, {
      access_token: `sk-ant-oat01-fake-${this.refreshes}`,
      refresh_token: this.refreshToken,
      token_type: 'Bearer',
      expires_in: 28_800,
      scope: 'user:profile user:inference',
    })
  }
}

const createdAt = '2026-10-01T00:00:00Z'

const models = ['claude-fable-5-2', 'claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5'].map((id) => ({
  type: 'model',
  id,
  display_name: id.replace(/^claude-/, 'Claude ').replaceAll('-', ' '),
  created_at: createdAt,
  lifecycle: 'active',
  max_input_tokens: 1_000_000,
  max_tokens: 128_000,
}))

function listOf(data: readonly object[]): object {
  const id = (item: object | undefined) => (item as { id?: string } | undefined)?.id ?? null
  return { data, has_more: false, first_id: id(data[0]), last_id: id(data.at(-1)) }
}

async function countTokens(call: Call): Promise<void> {
  await sendJson(call, 200, { input_tokens: tokensOf(call.record.body) })
}

async function getModel(call: Call): Promise<void> {
  const id = call.record.path.slice('/v1/models/'.length)
  const model = models.find((candidate) => candidate.id === id)
  if (model) return sendJson(call, 200, model)
  await sendJson(call, 404, errorBody(call.record, 'not_found_error', `model: ${id}`))
}

export async function notFound(call: Call): Promise<void> {
  await sendJson(call, 404, errorBody(call.record, 'not_found_error', 'Not Found'))
}
