/** The messages of a coding session with this many blocks: words, calls of tools, and their results. */
export function longConversation(blocks: number): { role: string; content: object[] }[] {
  const messages: { role: string; content: object[] }[] = [
    { role: 'user', content: [{ type: 'text', text: 'Go through every file of the project and tidy it up.' }] },
  ]
  for (let count = 1; count < blocks - 1; count += 3) {
    const id = `toolu_${count}`
    messages.push({ role: 'assistant', content: [wordsOf(count), callOf(count, id)] })
    messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: resultOf(count) }] })
  }
  return messages
}

function wordsOf(count: number) {
  const items = Array.from({ length: count % 5 }, (_none, index) => `- step ${index + 1} of file ${count}`).join('\n')
  return { type: 'text', text: `Now **file ${count}**: its name says little of what it does.\n\n${items}` }
}

function callOf(count: number, id: string) {
  const path = `src/part-${count % 40}/file-${count}.ts`
  if (count % 2 === 0) return { type: 'tool_use', id, name: 'Read', input: { file_path: path } }
  const input = { file_path: path, old_string: `const a = ${count}\n`, new_string: `const answer = ${count}\n` }
  return { type: 'tool_use', id, name: 'Edit', input }
}

function resultOf(count: number): string {
  return Array.from({ length: 5 + (count % 30) }, (_none, line) => `${line + 1}\tconst value${line} = ${count}`).join(
    '\n',
  )
}
