'use client'

import type { ReactNode } from 'react'
import { saveFile } from './save-file'

interface SaveLinkProps {
  /** Where the API answers with a file. */
  path: string
  className?: string
  children: ReactNode
}

/** A link to a file that the server may want the password for first. */
export function SaveLink({ path, className, children }: SaveLinkProps) {
  return (
    <a
      href={path}
      download
      className={className}
      onClick={(event) => {
        event.preventDefault()
        void saveFile(path)
      }}
    >
      {children}
    </a>
  )
}
