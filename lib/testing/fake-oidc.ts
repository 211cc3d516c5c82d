import { createHash, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** Whom the provider knows: the next login there is theirs. */
interface OidcPerson {
  sub: string
  email?: string
  email_verified?: boolean
  name?: string
  auth_time?: number
}

/** How the identity token of the next login is wrong. */
export type OidcFault = 'signature' | 'nonce' | 'audience' | 'issuer' | 'expired' | 'unsigned' | null

interface Grant {
  readonly challenge: string
  readonly nonce: string
  readonly redirectUri: string
  readonly person: OidcPerson
}

const newKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

/** A provider of OpenID Connect with discovery, codes, PKCE and signed tokens, on loopback. It asks nobody anything. */
export async function startFakeOidc(): Promise<FakeOidc> {
  const fake = new FakeOidc()
  await fake.listen()
  return fake
}

export class FakeOidc {
  issuer = ''
  readonly clientId = 'nexus'
  readonly clientSecret = 'a-client-secret-of-the-fake-provider'
  person: OidcPerson = { sub: 'ada', email: 'ada@example.com', email_verified: true, name: 'Ada Provider' }
  fault: OidcFault = null
  /** Where the address stands: in the identity token, or at the userinfo endpoint alone. */
  hasThinTokens = false
  /** What the last login was asked with. */
  asked = new URLSearchParams()

  private readonly keys = { own: newKey(), foreign: newKey() }
  private readonly grants = new Map<string, Grant>()
  private readonly access = new Map<string, OidcPerson>()
  private readonly server = createServer((request, response) => void this.answer(request, response))

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    this.issuer = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer)
    if (url.pathname === '/authorize') return this.authorize(url, response)
    if (url.pathname === '/token') return this.redeem(request, response)
    const page = this.pages(request.headers.authorization?.replace('Bearer ', '') ?? '')[url.pathname]
    sendJson(response, page ? 200 : 404, page ?? {})
  }

  private pages(accessToken: string): Record<string, object | undefined> {
    const { issuer } = this
    const jwk = createPublicKey(this.keys.own).export({ format: 'jwk' })
    return {
      '/.well-known/openid-configuration': {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        userinfo_endpoint: `${issuer}/userinfo`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      },
      '/jwks': { keys: [{ ...jwk, kid: 'own', use: 'sig', alg: 'RS256' }] },
      '/userinfo': this.access.get(accessToken),
    }
  }

  private authorize({ searchParams: asked }: URL, response: ServerResponse): void {
    this.asked = asked
    const redirectUri = asked.get('redirect_uri') ?? ''
    const [challenge, nonce] = [asked.get('code_challenge') ?? '', asked.get('nonce') ?? '']
    const code = randomUUID()
    this.grants.set(code, { challenge, nonce, redirectUri, person: { ...this.person } })
    const back = new URL(redirectUri)
    back.search = new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString()
    response.writeHead(302, { location: back.href }).end()
  }

  private async redeem(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request))
    const code = form.get('code') ?? ''
    const grant = this.grants.get(code)
    this.grants.delete(code)
    const secret = Buffer.from(`${this.clientId}:${this.clientSecret}`).toString('base64')
    if (request.headers.authorization !== `Basic ${secret}`) return sendJson(response, 401, { error: 'invalid_client' })
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '')
    if (grant?.challenge !== challenge.digest('base64url') || grant.redirectUri !== form.get('redirect_uri'))
      return sendJson(response, 400, { error: 'invalid_grant' })
    const accessToken = randomUUID()
    this.access.set(accessToken, grant.person)
    const tokens = {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: 300,
      id_token: this.identityToken(grant),
    }
    sendJson(response, 200, tokens)
  }

  private identityToken({ person, nonce }: Grant): string {
    const { fault, hasThinTokens } = this
    const now = Math.floor(Date.now() / 1_000)
    const claims = {
      ...(hasThinTokens ? { sub: person.sub, auth_time: person.auth_time } : person),
      iss: fault === 'issuer' ? 'https://other.example' : this.issuer,
      aud: fault === 'audience' ? 'another-client' : this.clientId,
      nonce: fault === 'nonce' ? 'another-nonce' : nonce,
      iat: now,
      exp: fault === 'expired' ? now - 600 : now + 300,
    }
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const said = `${part(fault === 'unsigned' ? { alg: 'none' } : { alg: 'RS256', kid: 'own' })}.${part(claims)}`
    if (fault === 'unsigned') return `${said}.`
    const key = fault === 'signature' ? this.keys.foreign : this.keys.own
    return `${said}.${sign('sha256', Buffer.from(said), key).toString('base64url')}`
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
