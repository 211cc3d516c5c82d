import { toast } from '@/components/ui/toast'
import { fetchResponse } from './fetcher'

/** Downloads what the API answers, under the name that the API gives it; a refusal is shown, not saved. */
export async function saveFile(path: string): Promise<void> {
  try {
    const response = await fetchResponse(path)
    const named = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')
    save(await response.blob(), named?.[1] ?? 'download')
  } catch (error) {
    toast.failure(error)
  }
}

function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content)
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  // The browser has taken hold of the content by the next turn.
  setTimeout(() => URL.revokeObjectURL(url))
}
