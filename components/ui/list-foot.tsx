'use client'

import { formatExact, formatQuantity } from '@/lib/format'
import { Button } from './button'
import { offerOf } from './find-rows'

interface ListFootProps {
  shown: number
  all: number
  /** What is listed, in one word or two: "domain". */
  noun: string
  /** How many a press shows. */
  lot: number
  /** Infinity = all, also those that are yet to come. */
  onShow: (most: number) => void
}

/** The foot of a list that is there as a whole and shown in part. */
export function ListFoot({ shown, all, noun, lot, onShow }: ListFootProps) {
  const { more, isAllOffered } = offerOf(shown, all, lot)
  return (
    <div className="flex flex-wrap items-center justify-center gap-3 border-t border-line px-4 py-3 text-body text-muted">
      <span role="status" className="w-full text-center sm:w-auto">
        {more > 0
          ? `${formatExact(shown)} of ${formatQuantity(all, noun)}`
          : `${formatQuantity(all, noun)} · that is all`}
      </span>
      {more > 0 && <Button onClick={() => onShow(shown + more)}>Show {formatExact(more)} more</Button>}
      {isAllOffered && <Button onClick={() => onShow(Infinity)}>Show all {formatExact(all)}</Button>}
    </div>
  )
}
