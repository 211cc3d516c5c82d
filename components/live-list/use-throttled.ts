'use client'

import { useCallback, useEffect, useRef } from 'react'

interface Throttle {
  timer: ReturnType<typeof setTimeout> | null
  isWanted: boolean
}

/** Runs at once, then at most once a pause, and a last time when it was wanted meanwhile. */
export function useThrottled(run: () => Promise<void>, pauseMs: number): () => void {
  const throttle = useRef<Throttle>({ timer: null, isWanted: false })
  useEffect(() => {
    const own = throttle.current
    return () => {
      if (own.timer) clearTimeout(own.timer)
      own.timer = null
    }
  }, [])
  return useCallback(() => {
    const own = throttle.current
    const start = () => {
      own.isWanted = false
      void run()
      own.timer = setTimeout(() => {
        own.timer = null
        if (own.isWanted) start()
      }, pauseMs)
    }
    if (own.timer) own.isWanted = true
    else start()
  }, [run, pauseMs])
}
