import { answerBodyProbe, answerStreamProbe } from '@/lib/doctor/probe'
import { isProbeToken, probeHeader } from '@/lib/doctor/probe-token'
import { json } from '@/lib/http'

export const dynamic = 'force-dynamic'

/** The doctor calls its own server here, through whatever stands in front of it. Opened by a signed token alone. */
const refusal = () => json({ error: 'Forbidden', message: 'Only the doctor of this installation may call this.' }, 403)

const isDoctor = (request: Request) => isProbeToken(request.headers.get(probeHeader))

export async function GET(request: Request): Promise<Response> {
  return isDoctor(request) ? answerStreamProbe() : refusal()
}

export async function POST(request: Request): Promise<Response> {
  return isDoctor(request) ? answerBodyProbe(request.body) : refusal()
}
