'use client'

import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useSWRConfig } from 'swr'
import { EraseDialog } from '@/components/storage/erase-dialog'
import { Button } from '@/components/ui/button'
import type { Conversation } from '@/lib/conversations/get-conversation'
import { formatExact } from '@/lib/format'

/** Deletes what was said in a conversation; its figures stay. */
export function EraseContent({ conversation }: { conversation: Conversation }) {
  const [isOpen, setOpen] = useState(false)
  const { mutate } = useSWRConfig()
  const { conversationId, requestCount, sideCallCount } = conversation
  const count = requestCount + sideCallCount

  function showWithout() {
    const path = `/api/conversations/${conversationId}`
    void mutate((key) => String(Array.isArray(key) ? key[0] : key).startsWith(path))
  }

  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        <Trash2 aria-hidden />
        Delete content
      </Button>
      <EraseDialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title="Delete the content of this conversation"
        consequence={`What was said in its ${formatExact(count)} ${count === 1 ? 'request' : 'requests'} until now is deleted for good, starred or not: prompts, answers, headers, the title, and the words it is found by. Tokens, costs, times and branches stay. A turn that is still running is recorded without what it says; one that is sent later brings the history along again. The audit log keeps who did it.`}
        erasure={{ conversationId }}
        onErased={showWithout}
      />
    </>
  )
}
