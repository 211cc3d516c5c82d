import type { RecordedRequest } from './get-request'
import type { ContentSide, RequestContent } from './load-content'

/** What `GET /api/requests/{id}` answers. */
export interface RequestDetail extends RecordedRequest, Omit<RequestContent, 'request' | 'response'> {
  readonly requestBody: unknown
  readonly responseBody: unknown
  /** Whether the bodies are there, and if not, why. */
  readonly content: { readonly request: ContentInfo; readonly response: ContentInfo }
}

type ContentInfo = Omit<ContentSide, 'body'>

export function buildDetail<Facts extends RecordedRequest>(
  facts: Facts,
  { request, response, ...exchange }: RequestContent,
): Facts & RequestDetail {
  const { body: requestBody, ...requestInfo } = request
  const { body: responseBody, ...responseInfo } = response
  return { ...facts, ...exchange, requestBody, responseBody, content: { request: requestInfo, response: responseInfo } }
}
