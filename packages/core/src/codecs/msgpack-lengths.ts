/**
 * Refuses MessagePack that promises more than there is. The library sets room aside for every
 * array it is promised, so a few bytes that promise billions would end the process.
 */
export function checkLengths(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  // Items still to come, on whatever level: each takes a byte at least.
  let due = 1
  while (due > 0) {
    const [size, items] = measure(view, at)
    at += size
    due += items - 1
    if (due > bytes.length - at) throw new Error("The data ends too early")
  }
}

/** The bytes that an item takes without the items in it, and how many these are. */
function measure(view: DataView, at: number): readonly [size: number, items: number] {
  const first = view.getUint8(at)
  if (first < 0x80 || first >= 0xe0) return [1, 0]
  if (first < 0x90) return [1, 2 * (first & 0x0f)] // a short map
  if (first < 0xa0) return [1, first & 0x0f] // a short array
  if (first < 0xc0) return [1 + (first & 0x1f), 0] // a short text
  if (first < 0xc4) return [1, 0] // null and booleans
  if (first < 0xc7) return [sized(view, at, 1 << (first - 0xc4)), 0] // bytes
  if (first < 0xca) return [1 + sized(view, at, 1 << (first - 0xc7)), 0] // an extension
  if (first < 0xcc) return [1 + (4 << (first - 0xca)), 0] // a float
  if (first < 0xd4) return [1 + (1 << (first & 3)), 0] // an integer
  if (first < 0xd9) return [2 + (1 << (first - 0xd4)), 0] // an extension of a fixed size
  if (first < 0xdc) return [sized(view, at, 1 << (first - 0xd9)), 0] // a text
  const width = first % 2 === 0 ? 2 : 4
  const count = numberAt(view, at + 1, width)
  return [1 + width, first < 0xde ? count : 2 * count] // an array, a map
}

/** The bytes of an item that tells its length in so many bytes. */
function sized(view: DataView, at: number, width: number): number {
  return 1 + width + numberAt(view, at + 1, width)
}

function numberAt(view: DataView, at: number, width: number): number {
  if (width === 1) return view.getUint8(at)
  return width === 2 ? view.getUint16(at) : view.getUint32(at)
}
