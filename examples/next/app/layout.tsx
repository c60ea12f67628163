import type { Metadata, Viewport } from "next"
import type { ReactNode } from "react"
import "../styles/tokens.css"
import "../styles/page.css"
import "../styles/table.css"
import "../styles/detail.css"
import "../styles/mark-editor.css"
import "../styles/status.css"

export const metadata: Metadata = {
  title: "Atlas",
  description: "Every place of GeoNames, with notes, stars and tags that people share",
}

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f7f5ef" },
    { media: "(prefers-color-scheme: dark)", color: "#10171a" },
  ],
}

export default function Layout({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
