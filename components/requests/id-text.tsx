'use client'

import { Copy } from 'lucide-react'
import Link from 'next/link'
import { cleanText } from '@/components/message/clean-text'
import { IconButton } from '@/components/ui/icon-button'
import { copyText } from './copy-text'

interface IdTextProps {
  /** What is identified, for the name of the copy button. */
  name: string
  id: string | null
  href?: string
}

/** An id on one line, whole in its tooltip, with a button that copies it. */
export function IdText({ name, id, href }: IdTextProps) {
  if (!id) return <span className="text-muted">–</span>
  const shown = cleanText(id)
  return (
    <span className="flex min-h-5 min-w-0 items-center gap-1">
      {href ? (
        <Link href={href} title={shown} className="min-w-0 truncate font-mono text-table text-accent hover:underline">
          {shown}
        </Link>
      ) : (
        <span title={shown} className="min-w-0 truncate font-mono text-table">
          {shown}
        </span>
      )}
      <IconButton label={`Copy ${name}`} className="-my-3 size-7" onClick={() => void copyText(id)}>
        <Copy aria-hidden />
      </IconButton>
    </span>
  )
}
