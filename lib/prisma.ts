import { PrismaPg } from '@prisma/adapter-pg'
import type { Pool } from 'pg'
import { PrismaClient, type Prisma } from '@/prisma/client/client'
import { beforeDisconnect, dashboardPool } from './db'
import { shared } from './shared'

/** What `prisma().$transaction` gives to work with. */
export type Transaction = Prisma.TransactionClient

interface Opened {
  readonly pool: Pool
  readonly client: PrismaClient
}

const holder = () => shared<{ opened: Opened | null }>('prisma', () => ({ opened: null }))

/** For plain create, read, update, delete. Apart from the pools: the thread that records does without all of this. */
export function prisma(): PrismaClient {
  const { opened } = holder()
  const pool = dashboardPool()
  return opened?.pool === pool ? opened.client : open(pool)
}

function open(pool: Pool): PrismaClient {
  const client = new PrismaClient({ adapter: new PrismaPg(pool) })
  beforeDisconnect(() => client.$disconnect())
  holder().opened = { pool, client }
  return client
}
