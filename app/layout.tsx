import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { readTheme, themeCookie } from '@/components/shell/theme'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Nexus Proxy', template: '%s · Nexus Proxy' },
  description: 'A self-hosted proxy and flight recorder for the Claude API',
  robots: { index: false, follow: false },
  referrer: 'no-referrer',
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' }

/** The theme arrives with the HTML, from a cookie, so that no page flashes and no inline script is needed. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = readTheme((await cookies()).get(themeCookie)?.value)
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme}>
      <body>{children}</body>
    </html>
  )
}
