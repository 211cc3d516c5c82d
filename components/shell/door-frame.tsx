import type { ReactNode } from 'react'
import { BrandMark } from './brand'

/** The frame of the pages outside of the dashboard: one narrow column with the mark on top. */
export function DoorFrame({ title, intro, children }: { title: string; intro?: ReactNode; children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center bg-page px-4 py-8 sm:justify-center">
      <div className="w-full max-w-[26rem]">
        <div className="mb-6 flex items-center gap-2.5">
          <BrandMark />
          <span className="text-section font-semibold">Nexus Proxy</span>
        </div>
        <div className="rounded-card border border-line bg-panel p-5 sm:p-6">
          <h1 className="text-page font-semibold">{title}</h1>
          {intro && <div className="mt-1 text-body text-secondary">{intro}</div>}
          <div className="mt-5">{children}</div>
        </div>
        <p className="mt-4 text-meta text-muted">Not affiliated with Anthropic. Claude is a name of Anthropic.</p>
      </div>
    </main>
  )
}
