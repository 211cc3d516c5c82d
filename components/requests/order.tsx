import { Select } from '@/components/ui/select'
import { formatExact } from '@/lib/format'
import { mostSearched } from '@/lib/requests/request-filter'

const orders: Readonly<Record<string, { label: string; most: string }>> = {
  cost: { label: 'Most costly', most: 'by cost' },
  tokens: { label: 'Most tokens', most: 'by tokens' },
  duration: { label: 'Longest', most: 'by duration' },
}

interface OrderSelectProps {
  /** null = by time. */
  sort: string | null
  onSort: (sort: string | null) => void
}

/** The orders of the list, on phones alone: wider lists offer them in their head. */
export function OrderSelect({ sort, onSort }: OrderSelectProps) {
  return (
    <Select
      className="mb-3 w-full sm:hidden"
      aria-label="Order"
      value={sort ?? ''}
      onChange={(event) => onSort(event.target.value || null)}
    >
      <option value="">Order: newest first</option>
      {Object.entries(orders).map(([value, { label }]) => (
        <option key={value} value={value}>
          Order: {label.toLowerCase()}
        </option>
      ))}
    </Select>
  )
}

/** What an ordered list leaves out. */
export function OrderedFoot({ count, sort }: { count: number; sort: string }) {
  return (
    <p role="status" className="border-t border-line px-4 py-3 text-center text-body text-muted">
      The first {formatExact(count)} {orders[sort]?.most} · compared are at most the newest {formatExact(mostSearched)}{' '}
      that match
    </p>
  )
}
