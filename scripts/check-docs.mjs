import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './steps.mjs'

/** `node scripts/check-docs.mjs`: every path, link and npm script that a page of Markdown names is there. */

const folders = 'app|components|lib|prisma|scripts|docs|e2e|deploy|\\.ci'
const pathInCode = new RegExp(`\`((?:${folders})/[^\`\\s]*)\``, 'g')
const linkTarget = /\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g
const npmScript = /\bnpm run (?:-{1,2}[\w-]+ )*([\w:][\w:-]*)/g
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
const placeholder = /[<>{}…$*]/

/** What is wrong with one page, a sentence each. */
export function problemsOf(page, text) {
  const named = [...text.matchAll(pathInCode)].map(([, name]) => [name, name.replace(/:\d+$/, '')])
  const linked = [...text.matchAll(linkTarget)].map(([, name]) => [name, path.join(path.dirname(page), name)])
  const lost = [...named, ...linked].filter(
    ([name, file]) => !placeholder.test(name) && !existsSync(path.join(root, file)),
  )
  const unknown = [...text.matchAll(npmScript)].filter(([, name]) => !(name in scripts))
  return [
    ...lost.map(([name]) => `${page} names ${name}, which does not exist`),
    ...unknown.map(([command]) => `${page} names \`${command}\`, which package.json does not have`),
  ]
}

function listPages() {
  const isPage = (name) => name.endsWith('.md')
  const atRoot = readdirSync(root).filter(isPage)
  const below = ['docs', 'deploy', 'e2e', 'lib', 'scripts'].filter((folder) => existsSync(path.join(root, folder)))
  const inFolders = below.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true })
      .filter(isPage)
      .map((name) => path.join(folder, name)),
  )
  return [...atRoot, ...inFolders]
}

if (process.argv[1] === import.meta.filename) {
  const problems = listPages().flatMap((page) => problemsOf(page, readFileSync(path.join(root, page), 'utf8')))
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
