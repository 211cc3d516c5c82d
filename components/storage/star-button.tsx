'use client'

import { Star } from 'lucide-react'
import { useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toast'

interface StarButtonProps {
  /** Where the star is kept. */
  path: string
  initial: boolean
}

/** Keeps something from the retention. Counts at once; a failed change goes back. */
export function StarButton({ path, initial }: StarButtonProps) {
  const [isStarred, setStarred] = useState(initial)

  async function change() {
    setStarred(!isStarred)
    try {
      await sendJson(path, { method: 'PUT', body: { isStarred: !isStarred } })
      toast.success(isStarred ? 'Retention may take this again.' : 'Starred: retention keeps this.')
    } catch (error) {
      setStarred(isStarred)
      toast.failure(error)
    }
  }

  return (
    <Button size="small" aria-pressed={isStarred} onClick={() => void change()}>
      <Star aria-hidden className={isStarred ? 'fill-current text-warn' : undefined} />
      {isStarred ? 'Starred' : 'Star'}
    </Button>
  )
}
