import { afterAll } from 'vitest'
import { endWorlds } from './world'

/** Set up for each file of fault cases. */
afterAll(endWorlds)
