// ESC [ … letter (colours, cursor) and ESC ] … BEL (titles, links) of terminals; unfinished ones hide nothing.
const terminalSequence = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\))/g
// What reorders or hides text: bidirectional controls, zero-width characters, C0 and C1 controls but tab and newline.
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g

/**
 * Text of strangers, made safe to read: terminal colours are left out, characters that hide or reorder text are
 * shown by their code point, so that what a person reads is what stands there. Emoji joiners stay.
 */
export function cleanText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(terminalSequence, '').replace(invisible, showCodePoint)
}

const emojiJoiner = /\p{Extended_Pictographic}/u

function showCodePoint(character: string, at: number, text: string): string {
  if (character === '\u200d' && emojiJoiner.test(text.slice(at + 1, at + 3))) return character
  return `‹U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`
}
