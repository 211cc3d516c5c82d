'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { RelativeTime } from '@/components/ui/relative-time'
import { Table, type Column } from '@/components/ui/table'
import { toast } from '@/components/ui/toast'
import type { ListedSession } from '@/lib/users/sessions'
import { describeUserAgent } from './describe-user-agent'

interface LoginsTableProps {
  sessions: readonly ListedSession[]
  currentId: string
}

export function LoginsTable({ sessions, currentId }: LoginsTableProps) {
  const columns: Column<ListedSession>[] = [
    {
      key: 'browser',
      header: 'Browser',
      isTitle: true,
      cell: ({ userAgent, sessionId }) => (
        <span className="flex flex-wrap items-center gap-2">
          {describeUserAgent(userAgent)}
          {sessionId === currentId && <Badge tone="accent">this one</Badge>}
        </span>
      ),
    },
    { key: 'address', header: 'Address', cell: (session) => session.address ?? 'unknown' },
    { key: 'since', header: 'Logged in', cell: (session) => <RelativeTime at={session.createdAt} /> },
    { key: 'seen', header: 'Last seen', cell: (session) => <RelativeTime at={session.lastSeenAt} /> },
    {
      key: 'end',
      header: 'End it',
      align: 'end',
      cell: (session) =>
        session.sessionId === currentId ? (
          <span className="text-muted">in your menu</span>
        ) : (
          <EndLogin sessionId={session.sessionId} />
        ),
    },
  ]
  return <Table caption="Your logins" columns={columns} rows={sessions} rowKey={(session) => session.sessionId} />
}

function EndLogin({ sessionId }: { sessionId: string }) {
  const [isBusy, setIsBusy] = useState(false)
  const router = useRouter()

  async function end() {
    setIsBusy(true)
    try {
      await sendJson(`/api/auth/sessions/${sessionId}`, { method: 'DELETE' })
      toast.success('That login has ended.')
      router.refresh()
    } catch (error) {
      toast.failure(error)
      setIsBusy(false)
    }
  }

  return (
    <Button size="small" isBusy={isBusy} onClick={end}>
      Log out
    </Button>
  )
}
