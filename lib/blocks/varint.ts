/** Unsigned LEB128: small numbers in one byte. */
export function encodeVarints(numbers: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(numbers.reduce((total, number) => total + varintLength(number), 0))
  let at = 0
  for (let rest of numbers) {
    while (rest >= 0x80) {
      bytes[at++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    bytes[at++] = rest
  }
  return bytes
}

function varintLength(number: number): number {
  let length = 1
  for (let limit = 0x80; number >= limit; limit *= 0x80) length += 1
  return length
}

/** Reads what `encodeVarints` wrote, and the raw bytes between. */
export class ByteReader {
  private at = 0

  constructor(private readonly bytes: Buffer) {}

  varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.bytes[this.at++]
      if (byte === undefined) throw new Error('the bytes end inside a number')
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }

  varints(count: number): number[] {
    return Array.from({ length: count }, () => this.varint())
  }

  take(length: number): Buffer {
    if (this.at + length > this.bytes.length) throw new Error('the bytes end before their content does')
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  rest(): Buffer {
    return this.take(this.bytes.length - this.at)
  }
}
