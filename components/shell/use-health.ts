'use client'

import useSWR from 'swr'
import { describeHealth, type Health, type Shown } from './health'

/** 503 is an answer too: it says what is wrong. */
async function fetchHealth(path: string): Promise<Health | null> {
  try {
    const response = await fetch(path)
    return (await response.json()) as Health
  } catch {
    // No answer at all.
    return null
  }
}

/** The state of the server, asked every 15 seconds while the page is visible. */
export function useHealth(): Shown {
  const { data } = useSWR('/health', fetchHealth, { refreshInterval: 15_000, revalidateOnFocus: true })
  return describeHealth(data)
}
