'use client'

import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { cn } from './cn'
import { Input } from './input'

interface SearchFieldProps {
  /** The search that is in force. */
  value: string
  /** Called with the trimmed text after a pause in typing, or at once by Enter. */
  onSearch: (text: string) => void
  label: string
  placeholder: string
  /** A search of fewer characters is not made. */
  shortest: number
  className?: string
  inputClassName?: string
}

const typingPauseMs = 350

/** A field whose text becomes a search; Escape empties it. A change of `value` from outside (Back, Clear) goes into the field. */
export function SearchField({ value, onSearch, label, placeholder, shortest, ...classes }: SearchFieldProps) {
  const [text, setText] = useState(value)
  const [seen, setSeen] = useState(value)
  const [searched, setSearched] = useState(value)
  const pause = useTypingPause()
  if (value !== seen) {
    setSeen(value)
    if (value !== searched) {
      setText(value)
      setSearched(value)
    }
  }
  const isTooShort = text.trim().length > 0 && text.trim().length < shortest

  function searchFor(wanted: string) {
    pause.end()
    if (wanted === value || (wanted.length > 0 && wanted.length < shortest)) return
    setSearched(wanted)
    onSearch(wanted)
  }
  function type(typed: string) {
    setText(typed)
    pause.begin(() => searchFor(typed.trim()))
  }
  return (
    <span className={cn('relative', classes.className)}>
      <Search
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted"
        aria-hidden
      />
      <Input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          const isClearing = event.key === 'Escape' && text !== ''
          if (event.key !== 'Enter' && !isClearing) return
          // Within a form it would be sent.
          event.preventDefault()
          if (isClearing) setText('')
          searchFor(isClearing ? '' : text.trim())
        }}
        className={cn('pl-8', classes.inputClassName)}
      />
      <span role="status" className="sr-only">
        {isTooShort && `Type ${shortest} characters or more.`}
      </span>
    </span>
  )
}

/** One timer, which ends with the page. Following a link ends it too: a search made then would undo the leaving. */
function useTypingPause() {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const end = () => clearTimeout(timer.current)
  useEffect(() => {
    const leave = (event: MouseEvent) => {
      if (event.target instanceof Element && event.target.closest('a[href]')) clearTimeout(timer.current)
    }
    document.addEventListener('click', leave, { capture: true })
    return () => {
      document.removeEventListener('click', leave, { capture: true })
      clearTimeout(timer.current)
    }
  }, [])
  return {
    end,
    begin: (search: () => void) => {
      end()
      timer.current = setTimeout(search, typingPauseMs)
    },
  }
}
