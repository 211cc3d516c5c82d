/** The mark; the same drawing as app/icon.svg. */
export function BrandMark() {
  return (
    <svg viewBox="0 0 32 32" className="size-7 shrink-0" aria-hidden>
      <rect width="32" height="32" rx="7" fill="#0b63c4" />
      <path
        d="M9 23V9l14 14V9"
        fill="none"
        stroke="#fff"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="9" cy="9" r="2.6" fill="#fff" />
      <circle cx="23" cy="23" r="2.6" fill="#fff" />
    </svg>
  )
}
