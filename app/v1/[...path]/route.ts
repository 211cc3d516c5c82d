import { answerWebRequest } from '@/lib/ops/web-door'

// The Claude API for hosts that run route handlers; `npm start` serves the same core from server.ts.
export const dynamic = 'force-dynamic'
export const maxDuration = 800

export {
  answerWebRequest as GET,
  answerWebRequest as HEAD,
  answerWebRequest as POST,
  answerWebRequest as PUT,
  answerWebRequest as PATCH,
  answerWebRequest as DELETE,
  answerWebRequest as OPTIONS,
}
