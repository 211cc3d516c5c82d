import { buildPagePolicy } from './lib/ops/page-policy.mjs'

/**
 * Headers that need no nonce. server.ts adds a content policy with a nonce to every page and says so with
 * x-nonce; hosts that run Next without it get the policy below, which must allow Next's inline scripts.
 */
const pageHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'no-referrer' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()' },
  { key: 'X-DNS-Prefetch-Control', value: 'off' },
]
const policyWithoutNonce = buildPagePolicy("'self' 'unsafe-inline'")

// The Claude API's answers keep the headers of the upstream.
const notTheClaudeApi = '/((?!v1/).*)'

async function headers() {
  const everywhere = [{ source: notTheClaudeApi, headers: pageHeaders }]
  // The development server evaluates code and opens a socket; it is for loopback only.
  if (process.env.NODE_ENV === 'development') return everywhere
  const policy = { key: 'Content-Security-Policy', value: policyWithoutNonce }
  return [...everywhere, { source: notTheClaudeApi, missing: [{ type: 'header', key: 'x-nonce' }], headers: [policy] }]
}

/** @type {import('next').NextConfig} */
const config = {
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  turbopack: { root: import.meta.dirname },
  outputFileTracingRoot: import.meta.dirname,
  poweredByHeader: false,
  // Next would compress the Claude API too, whose bytes are not ours to change.
  compress: false,
  // Claude's clients take a redirect for a failure.
  skipTrailingSlashRedirect: true,
  images: { unoptimized: true },
  serverExternalPackages: ['pg', 'undici', 'pino', 'pino-pretty', '@node-rs/argon2', 'prom-client'],
  headers,
}

export default config
