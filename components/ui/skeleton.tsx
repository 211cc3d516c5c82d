import { cn } from './cn'

/** A grey box in the geometry of what is coming. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn('h-4 animate-skeleton rounded-control bg-subtle', className)} />
}

/** Rows of a table that is loading. */
export function SkeletonRows({ count = 8 }: { count?: number }) {
  return (
    <div role="status" aria-label="Loading" className="divide-y divide-line">
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className="flex h-9 items-center gap-4 px-4">
          <Skeleton className="w-24" />
          <Skeleton className="flex-1" />
          <Skeleton className="w-16" />
        </div>
      ))}
    </div>
  )
}
