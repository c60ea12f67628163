"use client"

import { useEffect, useState } from "react"
import { visit } from "../../visits.js"

export default function Page() {
  const [told, tell] = useState("opening")
  useEffect(() => {
    visit().then(tell, (error) => tell(String(error)))
  }, [])
  return <output>{told}</output>
}
