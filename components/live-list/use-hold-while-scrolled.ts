'use client'

import { useEffect } from 'react'

/** While the top of the list is out of sight nothing may push what is being read. */
export function useHoldWhileScrolled(hold: (isHeld: boolean) => void) {
  useEffect(() => {
    let wasScrolled = false
    function onScroll() {
      const isScrolled = scrollY > 200
      if (isScrolled !== wasScrolled) hold(isScrolled)
      wasScrolled = isScrolled
    }
    addEventListener('scroll', onScroll, { passive: true })
    return () => removeEventListener('scroll', onScroll)
  }, [hold])
}
