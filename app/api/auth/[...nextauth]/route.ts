import NextAuth from 'next-auth'
import type { NextRequest } from 'next/server'
import { env } from '@/lib/env'
import { AppError } from '@/lib/errors'
import { errorResponse, noSuchAddress } from '@/lib/http'
import { authOptions } from '@/lib/users/auth-options'
import { requireSameOrigin } from '@/lib/users/same-origin'

interface Context {
  params: Promise<{ nextauth: string[] }>
}

const largestBodyBytes = 16_384

/** Others it answers with a text of its own. */
const actions = ['callback', 'csrf', 'error', 'providers', 'session', 'signin', 'signout', 'verify-request', '_log']

export async function GET(request: NextRequest, context: Context): Promise<Response> {
  try {
    return await answer(request, context)
  } catch (error) {
    return errorResponse(error, request)
  }
}

/** Login and logout: from our own pages only, and never with a body that is large. */
export async function POST(request: NextRequest, context: Context): Promise<Response> {
  try {
    requireSameOrigin(request, env().publicUrl)
    const length = Number(request.headers.get('content-length') ?? Number.NaN)
    if (!(length <= largestBodyBytes)) throw new AppError('too-large', 'The body is too large or has no length.')
    return await answer(request, context)
  } catch (error) {
    return errorResponse(error, request)
  }
}

async function answer(request: NextRequest, context: Context): Promise<Response> {
  const [action = ''] = (await context.params).nextauth
  if (!actions.includes(action)) throw noSuchAddress()
  return NextAuth(request, context, authOptions(request.headers))
}
