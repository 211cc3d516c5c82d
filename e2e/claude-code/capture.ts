import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startFakeClaude, type FakeExchange } from '@/lib/testing/fake-claude'
import { Names, sanitise } from './sanitise'
import { agents, forks } from './stories/agents'
import { hooks, labels, recap, safety } from './stories/checks'
import { automaticCompaction, compactionInTerminal } from './stories/compaction'
import { helpers } from './stories/helpers'
import { version1Clearing, version1Session, version2Session } from './stories/older-versions'
import { sdk } from './stories/sdk'
import { Scene, type Story } from './stories/story'
import { quota, threads } from './stories/threads'
import { clearedUpstream, web } from './stories/tools'
import { rewind, takenBack, turns } from './stories/turns'

/**
 * Takes fixtures of this folder anew from the real client: `npx tsx e2e/claude-code/capture.ts <story>…`, best in a
 * network namespace without an outside. Prompts and answers are ours (see lib/testing/fake-claude-agent.ts); the
 * client's prose is replaced (sanitise.ts); prettier goes over them after. Older versions are installed first:
 * `npm install --prefix .cache/claude-code-<version> --no-save @anthropic-ai/claude-code@<version>`.
 */
const stories: readonly Story[] = [
  agents,
  forks,
  turns,
  rewind,
  takenBack,
  compactionInTerminal,
  automaticCompaction,
  web,
  clearedUpstream,
  threads,
  quota,
  helpers,
  hooks,
  labels,
  safety,
  recap,
  version1Session,
  version1Clearing,
  version2Session,
  sdk,
]

async function capture(story: Story): Promise<void> {
  const fake = await startFakeClaude()
  const scene = new Scene(fake, 'sk-ant-api03-capture')
  try {
    await story.play(scene)
  } finally {
    await write(story, fake.requests, new Names(story.name, scene.folderNames()))
    await scene.close()
    await fake.close()
  }
}

async function write(story: Story, requests: readonly FakeExchange[], names: Names): Promise<void> {
  const kept = requests.filter((exchange) => !story.isLeftOut?.(exchange))
  const folder = path.join(import.meta.dirname, 'fixtures', story.name)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const [index, exchange] of kept.entries()) {
    const name = `${String(index + 1).padStart(2, '0')}-${story.calls[index] ?? 'unknown'}.json`
    await writeFile(path.join(folder, name), `${JSON.stringify(sanitise(exchange, names), null, 2)}\n`)
  }
  if (kept.length !== story.calls.length)
    console.error(`${story.name}: ${kept.length} calls, not ${story.calls.length}.`)
}

const wanted = process.argv.slice(2)
for (const story of stories.filter(({ name }) => wanted.includes(name))) await capture(story)
