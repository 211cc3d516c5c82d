/** What went wrong with a whole form; what belongs to a field stands beside it. */
export function FormError({ message }: { message: string | null | undefined }) {
  if (!message) return null
  return (
    <p role="alert" className="rounded-control border border-danger bg-danger-fill px-3 py-2 text-body text-danger">
      {message}
    </p>
  )
}
