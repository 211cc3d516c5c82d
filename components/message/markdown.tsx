import { memo, type ReactNode } from 'react'
import ReactMarkdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { readAnsi } from './ansi-text'
import { cleanText } from './clean-text'
import { safeUrl } from './safe-url'

/** Longer texts are drawn as they are: parsing them would freeze the page. */
const longestMarkdown = 100_000

/** An address of a stranger: its host is shown, the page it leads to learns nothing of ours. */
export function OutsideLink({ href, children }: { href: string; children: ReactNode }) {
  const { host } = new URL(href)
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" className="text-accent underline">
      {children}
      <span className="text-muted"> ({host})</span>
    </a>
  )
}

const heading = ({ children }: { children?: ReactNode }) => <p className="mt-3 mb-1 font-semibold">{children}</p>

/** Every element that Markdown can become. What is not a plain text element is replaced by one. */
const components: Components = {
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  p: ({ children }) => <p className="my-2 first:mt-0 last:mb-0">{children}</p>,
  a: ({ href, children }) => (href ? <OutsideLink href={href}>{children}</OutsideLink> : <span>{children}</span>),
  // A remote picture would tell its server who reads this, and can carry the text away in its address.
  img: ({ src, alt }) => {
    const url = safeUrl(src)
    const label = `picture: ${alt || 'without description'}`
    return url ? <OutsideLink href={url}>{label}</OutsideLink> : <span>[{label}]</span>
  },
  input: ({ checked }) => <span>{checked ? '☑' : '☐'} </span>,
  ul: ({ children }) => <ul className="my-2 list-disc pl-6">{children}</ul>,
  ol: ({ children, start }) => (
    <ol start={start} className="my-2 list-decimal pl-6">
      {children}
    </ol>
  ),
  li: ({ children }) => <li className="my-0.5">{children}</li>,
  blockquote: ({ children }) => (
    <blockquote className="my-2 border-l-2 border-line pl-3 text-secondary">{children}</blockquote>
  ),
  pre: ({ children }) => (
    <pre
      tabIndex={0}
      className="my-2 overflow-x-auto rounded-control border border-line bg-subtle p-2 font-mono text-table"
    >
      {children}
    </pre>
  ),
  code: ({ children }) => <code className="font-mono text-table break-words">{children}</code>,
  table: ({ children }) => (
    <div className="my-2 overflow-x-auto">
      <table className="border-collapse text-table [&_td]:border [&_td]:border-line [&_td]:px-2 [&_td]:py-1 [&_th]:border [&_th]:border-line [&_th]:px-2 [&_th]:py-1">
        {children}
      </table>
    </div>
  ),
  hr: () => <hr className="my-3 border-line" />,
  sup: ({ children }) => <sup>{children}</sup>,
  section: ({ children }) => <div>{children}</div>,
}

/** Text of a stranger as Markdown: no HTML, no remote picture, no link that is not plain web. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const clean = cleanText(text)
  if (clean.length > longestMarkdown) return <PlainText text={text} />
  return (
    <div className="max-w-[80ch] break-words [&_:is(p,li,td,th)]:[unicode-bidi:plaintext]">
      <ReactMarkdown remarkPlugins={[remarkGfm]} components={components} urlTransform={safeUrl}>
        {clean}
      </ReactMarkdown>
    </div>
  )
})

/** Text exactly as it is, lines kept; of a terminal's output also the colours. */
export function PlainText({ text }: { text: string }) {
  const pieces = readAnsi(text)
  return (
    <pre className="font-mono text-table break-words whitespace-pre-wrap">
      {pieces === null
        ? cleanText(text)
        : pieces.map((piece, index) => (
            <span key={index} className={piece.look}>
              {cleanText(piece.text)}
            </span>
          ))}
    </pre>
  )
}
