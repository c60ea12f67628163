// Lets the page open without its server: the newest page that was seen, and the files of its build.
// `self.atlas` is put in front when the page is built.
const { build, files } = self.atlas
const name = `atlas-${build}`
const page = "/"

self.addEventListener("install", (event) => {
  self.skipWaiting()
  event.waitUntil(fill())
})

self.addEventListener("activate", (event) => {
  event.waitUntil(begin())
})

self.addEventListener("fetch", (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== "GET" || url.origin !== location.origin) return
  if (request.mode === "navigate" && url.pathname === page) event.respondWith(freshPage(request))
  else if (url.pathname.startsWith("/_next/static/")) event.respondWith(keptFile(request))
})

async function fill() {
  const cache = await caches.open(name)
  await cache.addAll([page, ...files])
}

async function begin() {
  for (const other of await caches.keys()) {
    if (other.startsWith("atlas-") && other !== name) await caches.delete(other)
  }
  await self.clients.claim()
}

/** From the server when there is one, else as it was last seen. */
async function freshPage(request) {
  const cache = await caches.open(name)
  try {
    const response = await fetch(request)
    if (response.ok) await cache.put(page, response.clone())
    return response
  } catch (error) {
    const kept = await cache.match(page, { ignoreVary: true })
    if (kept === undefined) throw error
    return kept
  }
}

/** The name of a built file tells its content, so the kept one is right for ever. */
async function keptFile(request) {
  const kept = await caches.match(request, { ignoreVary: true })
  if (kept === undefined) return fetch(request)
  // Without an address of its own it takes the request's, fragment included: workers read theirs.
  return new Response(kept.body, kept)
}
