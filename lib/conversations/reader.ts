/** How far somebody who asks for conversations sees; titles, and what was said, are content. */
export interface Reader {
  /** Names of the domains; null = all of them. */
  readonly domains: readonly string[] | null
  sees(domain: string): boolean
  mayReadBodies(domain: string): boolean
}
