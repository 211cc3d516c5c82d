import { Download } from 'lucide-react'
import { saveFile } from '@/components/shell/save-file'
import { Button } from '@/components/ui/button'
import { DropdownMenu, MenuItem } from '@/components/ui/dropdown-menu'

const formats = [
  { format: 'markdown', label: 'Markdown, for reading' },
  { format: 'html', label: 'HTML, one file that shows itself' },
  { format: 'jsonl', label: 'JSONL, for programs' },
] as const

/** The conversation as a file; the server may want the password first. */
export function ExportMenu({ conversationId }: { conversationId: string }) {
  return (
    <DropdownMenu
      trigger={
        <Button size="small">
          <Download aria-hidden />
          Export
        </Button>
      }
    >
      {formats.map(({ format, label }) => (
        <MenuItem
          key={format}
          onSelect={() => void saveFile(`/api/conversations/${conversationId}/export?format=${format}`)}
        >
          {label}
        </MenuItem>
      ))}
    </DropdownMenu>
  )
}
