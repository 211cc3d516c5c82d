'use client'

import { Download } from 'lucide-react'
import type { RefObject } from 'react'
import { Button } from '@/components/ui/button'
import { DropdownMenu, MenuItem } from '@/components/ui/dropdown-menu'
import { toast } from '@/components/ui/toast'
import { savePng } from './export-png'

interface ExportMenuProps {
  query: string
  /** Holds the chart. */
  chartRef: RefObject<HTMLElement | null>
}

/** What is shown, as a file. */
export function ExportMenu({ query, chartRef }: ExportMenuProps) {
  const hrefOf = (format: string) => `/api/usage/export?${query}${query && '&'}format=${format}`
  async function savePicture() {
    const drawing = chartRef.current?.querySelector<SVGSVGElement>('svg.recharts-surface')
    if (!drawing) return toast.failure('Show the chart first: the table has no picture.')
    await savePng(drawing, 'usage.png').catch(toast.failure)
  }
  return (
    <DropdownMenu
      align="end"
      trigger={
        <Button size="small">
          <Download aria-hidden />
          Export
        </Button>
      }
    >
      <MenuItem asChild>
        <a href={hrefOf('csv')} download>
          CSV, a row for each bucket and group
        </a>
      </MenuItem>
      <MenuItem asChild>
        <a href={hrefOf('json')} download>
          JSON, the same
        </a>
      </MenuItem>
      <MenuItem onSelect={() => void savePicture()}>PNG of the chart</MenuItem>
    </DropdownMenu>
  )
}
