'use client'

import { sendJson } from '@/components/shell/fetcher'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { toast } from '@/components/ui/toast'
import { formatQuantity } from '@/lib/format'
import type { Erasure } from '@/lib/retention/erase-bodies'

interface EraseDialogProps {
  isOpen: boolean
  onClose: () => void
  title: string
  consequence: string
  /** Whose content goes. */
  erasure: Erasure
  typed?: string
  onErased: () => void
}

/** Asks, deletes what was said for good, and says of how many requests. */
export function EraseDialog({ isOpen, onClose, title, consequence, erasure, typed, onErased }: EraseDialogProps) {
  async function erase() {
    const { bodies } = await sendJson<{ bodies: number }>('/api/storage/erasures', { method: 'POST', body: erasure })
    toast.success(`The content of ${formatQuantity(bodies, 'request')} is deleted.`)
    onErased()
  }
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={(opened) => !opened && onClose()}
      title={title}
      consequence={consequence}
      typed={typed}
      action="Delete content"
      onConfirm={erase}
    />
  )
}
