/** The content of a file, which grows as it is written to. */
export class Bytes {
  #buffer: Buffer
  #size: number

  constructor(content: Buffer = Buffer.alloc(0)) {
    this.#buffer = content
    this.#size = content.length
  }

  /** What is there now; later writes do not change it. */
  copy(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#size))
  }

  write(offset: number, data: Buffer): void {
    const end = offset + data.length
    if (end > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(end, this.#buffer.length * 2))
      this.#buffer.copy(larger, 0, 0, this.#size)
      this.#buffer = larger
    }
    if (offset > this.#size) this.#buffer.fill(0, this.#size, offset)
    data.copy(this.#buffer, offset)
    this.#size = Math.max(this.#size, end)
  }

  truncate(size: number): void {
    if (size > this.#size) this.write(size, Buffer.alloc(0))
    else this.#size = size
  }
}
