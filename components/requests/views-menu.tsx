'use client'

import { Bookmark, Trash2 } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import useSWR from 'swr'
import { cleanText } from '@/components/message/clean-text'
import { fetchJson, sendJson } from '@/components/shell/fetcher'
import { FormDialog } from '@/components/shell/form-dialog'
import { useSubmit } from '@/components/shell/use-submit'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from '@/components/ui/dropdown-menu'
import { Field } from '@/components/ui/field'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toast'
import type { SavedView } from '@/lib/requests/saved-views'

const views = '/api/views'
const path = `${views}?page=requests`

/** Views that everybody has. */
const builtIn = [
  { name: 'All', query: '' },
  { name: 'Errors', query: 'status=error' },
  { name: 'Rate limited', query: 'status=429' },
  { name: 'Refused by the proxy', query: 'outcome=rejected' },
  { name: 'Replays', query: 'kind=replay' },
]

/** Filters under a name. */
export function ViewsMenu({ query }: { query: string }) {
  const [dialog, setDialog] = useState<'save' | 'manage' | null>(null)
  const { data, mutate } = useSWR<{ views: SavedView[] }>(path, fetchJson, { revalidateOnFocus: false })
  const own = data?.views ?? []
  const close = () => setDialog(null)
  return (
    <>
      <DropdownMenu
        trigger={
          <Button size="small">
            <Bookmark aria-hidden />
            Views
          </Button>
        }
      >
        {builtIn.map((view) => (
          <ViewItem key={view.name} {...view} />
        ))}
        {own.length > 0 && <MenuLabel>Yours</MenuLabel>}
        {own.map((view) => (
          <ViewItem key={view.viewId} {...view} />
        ))}
        <MenuSeparator />
        <MenuItem onSelect={() => setDialog('save')}>Save these filters …</MenuItem>
        {own.length > 0 && <MenuItem onSelect={() => setDialog('manage')}>Delete views …</MenuItem>}
      </DropdownMenu>
      {dialog === 'save' && <SaveDialog query={query} onClose={close} onSaved={() => void mutate()} />}
      {dialog === 'manage' && <ManageDialog views={own} onClose={close} onDeleted={() => void mutate()} />}
    </>
  )
}

function ViewItem({ name, query }: { name: string; query: string }) {
  return (
    <MenuItem asChild>
      <Link href={query === '' ? '/requests' : `/requests?${query}`}>{cleanText(name)}</Link>
    </MenuItem>
  )
}

function SaveDialog({ query, onClose, onSaved }: { query: string; onClose: () => void; onSaved: () => void }) {
  const [name, setName] = useState('')
  const submit = useSubmit(async () => {
    await sendJson(views, { method: 'POST', body: { page: 'requests', name, query } })
    toast.success('The view is saved')
    onSaved()
    onClose()
  })
  return (
    <FormDialog
      title="Save these filters"
      description="Only you see your views. A view of the same name is replaced."
      action="Save"
      submit={submit}
      onClose={onClose}
    >
      <Field label="Name" error={submit.errorOf('name')}>
        <Input name="name" value={name} maxLength={60} onChange={(event) => setName(event.target.value)} />
      </Field>
      <p className="text-secondary">A relative time range such as the last 24 hours stays relative.</p>
    </FormDialog>
  )
}

interface ManageDialogProps {
  views: readonly SavedView[]
  onClose: () => void
  onDeleted: () => void
}

function ManageDialog({ views: own, onClose, onDeleted }: ManageDialogProps) {
  async function remove(viewId: string) {
    try {
      await sendJson(`${views}/${viewId}`, { method: 'DELETE' })
    } catch (error) {
      toast.failure(error)
    }
    onDeleted()
  }
  return (
    <Dialog isOpen onOpenChange={(isOpen) => !isOpen && onClose()} title="Your views">
      {own.length === 0 && <p className="pb-3 text-secondary">None.</p>}
      <ul className="flex flex-col pb-3">
        {own.map(({ viewId, name }) => (
          <li key={viewId} className="flex items-center justify-between gap-3">
            <span className="min-w-0 truncate">{cleanText(name)}</span>
            <IconButton label={`Delete the view ${cleanText(name)}`} onClick={() => void remove(viewId)}>
              <Trash2 aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
