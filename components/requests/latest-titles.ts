interface TitledRow {
  readonly conversationId: string | null
  readonly conversationTitle: string | null
}

/**
 * Every row with the title its conversation has in the newest of them: a client names a conversation when it is under
 * way, and rows that stand here already were read before that. Newest first; a row that stays the same is the same. Pure.
 */
export function withLatestTitles<Row extends TitledRow>(rows: readonly Row[]): readonly Row[] {
  const titles = new Map<string, string>()
  for (const { conversationId, conversationTitle } of rows) {
    if (conversationId !== null && conversationTitle !== null && !titles.has(conversationId))
      titles.set(conversationId, conversationTitle)
  }
  return rows.map((row) => {
    const title = titles.get(row.conversationId ?? '') ?? null
    return title === row.conversationTitle ? row : { ...row, conversationTitle: title }
  })
}
