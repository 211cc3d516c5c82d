import { cookies } from 'next/headers'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import type { ReactNode } from 'react'
import { requireUser } from '@/app/require-user'
import { Shell } from '@/components/shell/shell'
import { readTheme, themeCookie } from '@/components/shell/theme'
import { oidcWay } from '@/lib/users/oidc-way'

/** Behind the login. Every page below calls requireUser itself too: this layout does not run on each navigation. */
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const { name, email, role } = await requireUser('self:write')
  const theme = readTheme((await cookies()).get(themeCookie)?.value)
  return (
    <Shell user={{ name, email, role }} theme={theme} oidc={oidcWay()}>
      <NuqsAdapter>{children}</NuqsAdapter>
    </Shell>
  )
}
