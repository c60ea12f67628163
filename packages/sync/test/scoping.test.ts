import { openStore } from "@tidemark/core/memory"
import { connect } from "@tidemark/sync"
import { expect, it } from "vitest"
import { portWay } from "./replicas.ts"

it("G6 a replica of a scope follows and writes that scope alone, by the names inside", async () => {
  const authority = openStore()
  const scope = authority.scope("tenant")
  await authority.set("u", "outside", 1)
  await authority.scope("other").set("u", "elsewhere", 1)
  await scope.scope("inner").set("u", "within", 1)
  await scope.set("u", "a", 1)
  const way = await portWay(scope)
  const replica = connect(way.channel)
  expect([await replica.kinds(), await replica.keys("u")]).toEqual([["u"], ["a"]])
  const told: unknown[] = []
  replica.watch("*").subscribe(({ kind, key }) => told.push([kind, key]))
  await replica.set("u", "b", 2)
  await replica.update("u", "a", () => 3)
  await authority.set("u", "outside", 2)
  await scope.set("v", "c", 4)
  await expect.poll(() => replica.peek("v", "c")).toBe(4)
  expect(told).toEqual([
    ["u", "b"],
    ["u", "a"],
    ["v", "c"],
  ])
  expect([await scope.get("u", "b"), await authority.keys("u")]).toEqual([2, ["outside"]])
  await replica.close()
  await way.close()
  await authority.close()
})

it("G7 a replica hears that a scope is full, and goes on; what the authority keeps of it does not count", async () => {
  const authority = openStore()
  const scope = authority.scope("tenant", { keys: 2, kinds: 1 })
  const way = await portWay(scope)
  const replicas = [connect(way.channel), connect(way.channel)] as const
  await replicas[0].set("u", "a", 1)
  await replicas[1].set("u", "b", 1)
  const full = replicas[0].set("u", "c", 1)
  const next = replicas[0].set("u", "a", 2)
  await expect(full).rejects.toMatchObject({
    code: "quota_exceeded",
    details: { scope: ["tenant"], limit: "keys", allowed: 2, used: 2, wanted: 3 },
  })
  await next
  expect([replicas[0].peek("u", "a"), replicas[0].peek("u", "c")]).toEqual([2, undefined])
  expect(await scope.usage()).toEqual({ keys: 2, kinds: 1, bytes: 4 })
  await Promise.all(replicas.map((replica) => replica.close()))
  await way.close()
  await authority.close()
})

it("G6 a replica has no scopes of its own, and says where to open one", async () => {
  const authority = openStore()
  const way = await portWay(authority)
  const replica = connect(way.channel)
  expect(() => replica.scope("s")).toThrow(
    expect.objectContaining({ code: "unsupported", hint: expect.stringContaining("serve(") }),
  )
  await replica.close()
  await way.close()
  await authority.close()
})
