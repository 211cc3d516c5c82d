'use client'

import { useEffect, useRef, useState, useSyncExternalStore, type KeyboardEvent, type ReactNode } from 'react'

interface SidePanelProps {
  label: string
  /** Under which name this browser remembers the width. */
  widthKey: string
  children: ReactNode
}

const widths = { least: 420, usual: 560, most: 900 } as const
const stepPx = 24

/**
 * Stands beside what is left of it in a row and takes its own scrolling. The page behind goes on working; the width
 * follows the pointer or the arrow keys. It takes the focus when it appears; whoever closes it gives it back.
 */
export function SidePanel({ label, widthKey, children }: SidePanelProps) {
  const [width, setWidth] = useRememberedWidth(widthKey)
  const panel = useRef<HTMLDivElement>(null)
  useEffect(() => panel.current?.focus({ preventScroll: true }), [])
  return (
    <div className="sticky top-20 flex h-[calc(100dvh-6.5rem)] max-w-3/5 shrink-0 max-lg:hidden" style={{ width }}>
      <ResizeHandle label={`Width of ${label}`} width={width} onChange={setWidth} />
      <div
        ref={panel}
        role="dialog"
        aria-label={label}
        tabIndex={-1}
        className="min-w-0 flex-1 animate-sheet-in overflow-y-auto rounded-card border border-line bg-panel px-5 py-4 shadow-overlay -outline-offset-2"
      >
        {children}
      </div>
    </div>
  )
}

interface ResizeHandleProps {
  label: string
  width: number
  onChange: (width: number) => void
}

function ResizeHandle({ label, width, onChange }: ResizeHandleProps) {
  const start = useRef<{ x: number; width: number } | null>(null)
  function onKeyDown(event: KeyboardEvent) {
    const by = { ArrowLeft: stepPx, ArrowRight: -stepPx }[event.key]
    if (by === undefined) return
    event.preventDefault()
    onChange(width + by)
  }
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={widths.least}
      aria-valuemax={widths.most}
      tabIndex={0}
      className="group flex w-6 shrink-0 cursor-col-resize touch-none items-center justify-center"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { x: event.clientX, width }
      }}
      onPointerMove={(event) => {
        if (start.current) onChange(start.current.width + start.current.x - event.clientX)
      }}
      onLostPointerCapture={() => {
        start.current = null
      }}
    >
      <span className="h-10 w-1 rounded-full bg-line group-hover:bg-control" aria-hidden />
    </div>
  )
}

/** A width that this browser keeps; a browser that keeps nothing begins with the usual one each time. */
function useRememberedWidth(key: string): readonly [number, (width: number) => void] {
  const [chosen, setChosen] = useState<number | null>(null)
  const kept = useSyncExternalStore(
    () => () => undefined,
    () => readWidth(key),
    () => widths.usual,
  )
  function choose(wanted: number) {
    const width = Math.round(Math.min(widths.most, Math.max(widths.least, wanted)))
    setChosen(width)
    try {
      localStorage.setItem(key, String(width))
    } catch {
      // Storage may be switched off; the width then holds as long as the panel.
    }
  }
  return [chosen ?? kept, choose]
}

function readWidth(key: string): number {
  try {
    const width = Number(localStorage.getItem(key))
    return width >= widths.least && width <= widths.most ? width : widths.usual
  } catch {
    return widths.usual
  }
}
