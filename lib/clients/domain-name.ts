import { z } from 'zod'

/** A domain is named as a host name: that is how a `Host` header finds it. */
export const domainNameSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(253, { error: 'Use 253 characters or fewer.' })
  .regex(/^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/, {
    error: 'Use a host name such as team-a.example.com: letters, digits, dots and hyphens.',
  })
