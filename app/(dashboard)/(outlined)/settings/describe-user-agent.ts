const browsers = [
  { pattern: /Edg\//, name: 'Edge' },
  { pattern: /OPR\//, name: 'Opera' },
  { pattern: /Firefox\//, name: 'Firefox' },
  { pattern: /Chrome\//, name: 'Chrome' },
  { pattern: /Safari\//, name: 'Safari' },
] as const

const systems = [
  { pattern: /iPhone|iPad/, name: 'iOS' },
  { pattern: /Android/, name: 'Android' },
  { pattern: /Windows/, name: 'Windows' },
  { pattern: /Mac OS X/, name: 'macOS' },
  { pattern: /Linux/, name: 'Linux' },
] as const

/** "Firefox on Linux": enough to recognise one's own browser. Order matters: each names the ones before it too. */
export function describeUserAgent(userAgent: string | null): string {
  const browser = browsers.find(({ pattern }) => pattern.test(userAgent ?? ''))
  const system = systems.find(({ pattern }) => pattern.test(userAgent ?? ''))
  if (!browser) return userAgent?.slice(0, 40) || 'Unknown browser'
  return system ? `${browser.name} on ${system.name}` : browser.name
}
