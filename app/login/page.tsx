import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { DoorFrame } from '@/components/shell/door-frame'
import { env } from '@/lib/env'
import { findSession } from '@/lib/users/access'
import { safeCallbackPath } from '@/lib/users/callback-path'
import { oidcWay } from '@/lib/users/oidc-way'
import { hasUsers } from '@/lib/users/users'
import { LoginAndGo } from './login-and-go'

export const metadata: Metadata = { title: 'Log in' }

interface LoginPageProps {
  searchParams: Promise<{ callbackUrl?: string | string[]; error?: string | string[] }>
}

export default async function LoginPage({ searchParams }: LoginPageProps) {
  const { callbackUrl, error } = await searchParams
  const target = safeCallbackPath(Array.isArray(callbackUrl) ? null : callbackUrl, env().publicUrl)
  if (await findSession((await headers()).get('cookie'))) redirect(target)
  if (!(await hasUsers())) redirect('/setup')
  return (
    <DoorFrame title="Log in">
      <LoginAndGo target={target} oidc={oidcWay()} errorCode={typeof error === 'string' ? error : null} />
    </DoorFrame>
  )
}
