import { toast } from '@/components/ui/toast'

/** Copies and says so, or says that the browser did not allow it. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    toast.success('Copied to the clipboard')
  } catch {
    // The browser denies the clipboard, or the origin is not secure.
    toast.failure(new Error('The browser did not allow copying.'))
  }
}
