import { type RefObject, useCallback, useLayoutEffect, useRef } from "react"
import { shiftCaret } from "./shift-caret.ts"

type TextField = HTMLInputElement | HTMLTextAreaElement

/**
 * Keeps the caret of a controlled field where its person has it when the text is changed by
 * somebody else. Gives the function to call when the person moves the caret or types.
 */
export function useCaret(field: RefObject<TextField | null>, text: string): () => void {
  const known = useRef({ text, start: 0, end: 0 })
  useLayoutEffect(() => {
    const { text: before, start, end } = known.current
    const element = field.current
    if (before === text || element === null) return
    known.current = {
      text,
      start: shiftCaret(before, text, start),
      end: shiftCaret(before, text, end),
    }
    if (document.activeElement !== element) return
    element.setSelectionRange(known.current.start, known.current.end)
  }, [field, text])
  return useCallback(() => {
    const element = field.current
    if (element === null) return
    const { value, selectionStart, selectionEnd } = element
    known.current = { text: value, start: selectionStart ?? 0, end: selectionEnd ?? 0 }
  }, [field])
}
