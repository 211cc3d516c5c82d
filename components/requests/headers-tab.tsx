import { cleanText } from '@/components/message/clean-text'
import { Card } from '@/components/ui/card'
import { Table, type Column } from '@/components/ui/table'
import type { Headers } from '@/lib/requests/load-content'
import type { RequestDetail } from '@/lib/requests/request-detail'
import { ContentNotice } from './content-notice'

interface HeaderRow {
  readonly name: string
  readonly value: string
  readonly isChanged: boolean
}

/** What came in, what was sent on, what came back. Secrets are not recorded. */
export function HeadersTab({ detail }: { detail: RequestDetail }) {
  const { requestHeaders, forwardedHeaders, responseHeaders, content } = detail
  if (!requestHeaders)
    return <ContentNotice state={content.request.state === 'kept' ? 'not_captured' : content.request.state} />
  return (
    <div className="flex flex-col gap-6">
      <HeaderList title="Received from the client" headers={requestHeaders} />
      <HeaderList title="Sent to the upstream" headers={forwardedHeaders ?? {}} before={requestHeaders} />
      <HeaderList title="Returned" headers={responseHeaders ?? {}} />
    </div>
  )
}

function HeaderList({ title, headers, before }: { title: string; headers: Headers; before?: Headers }) {
  const rows = Object.entries(headers).map(([name, value]) => ({
    name,
    value,
    isChanged: before !== undefined && before[name] !== value,
  }))
  return (
    <section>
      <h2 className="mb-2 text-control font-semibold">{title}</h2>
      {rows.length === 0 ? (
        <p className="text-secondary">None.</p>
      ) : (
        <Card>
          <Table caption={title} columns={columns} rows={rows} rowKey={(row) => row.name} density="compact" />
        </Card>
      )}
    </section>
  )
}

const columns: Column<HeaderRow>[] = [
  {
    key: 'name',
    header: 'Header',
    isTitle: true,
    className: 'sm:w-80',
    cell: (row) => (
      <span className="font-mono">
        {cleanText(row.name)}
        {row.isChanged && <span className="font-sans text-warn"> set by the proxy</span>}
      </span>
    ),
  },
  {
    key: 'value',
    header: 'Value',
    cell: (row) => (
      <span className={row.value === '[removed]' ? 'text-muted' : 'font-mono break-all'}>{cleanText(row.value)}</span>
    ),
  },
]
