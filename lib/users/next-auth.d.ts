import 'next-auth'
import 'next-auth/jwt'

declare module 'next-auth' {
  /** What `authorize` hands over: which user, and the login just recorded. */
  interface User {
    sessionId: string
  }
}

declare module 'next-auth/jwt' {
  /** What the cookie holds: ids, nothing that could go stale. */
  interface JWT {
    sid?: string
  }
}
