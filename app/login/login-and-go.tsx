'use client'

import { LoginForm } from '@/components/shell/login-form'

/** A full load, so that every part of the page is rendered for the new session. */
export function LoginAndGo({ target }: { target: string }) {
  return <LoginForm onLoggedIn={() => location.assign(target)} />
}
