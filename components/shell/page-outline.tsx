import { Skeleton, SkeletonRows } from '@/components/ui/skeleton'

/** Shown only when a page takes longer than a moment: fast pages must not flicker. */
export function PageOutline() {
  return (
    <div className="animate-late">
      <Skeleton className="mb-6 h-7 w-48" />
      <div className="rounded-card border border-line">
        <SkeletonRows />
      </div>
    </div>
  )
}
