const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** A preference, not a secret: readable by the page, so that switching needs no request. */
export const themeCookie = 'nexus.theme'

export function readTheme(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? 'system'
}

/** Switches the page at once and remembers the choice for a year. Browser only. */
export function applyTheme(theme: Theme): void {
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=31536000; samesite=lax`
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}
