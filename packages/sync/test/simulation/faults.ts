import type { World } from "./world.ts"

/** How often each fault comes, among the others. */
const OFTEN: Readonly<Record<keyof typeof FAULTS, number>> = {
  "crash a replica": 4,
  "close a replica": 1,
  "start a replica": 8,
  "lose a base": 0.5,
  "lose an outbox": 0.5,
  "part a way": 2,
  "heal a way": 3,
  "cut a way": 3,
  "change the weather": 2,
  "crash the authority": 3,
  "start the authority": 6,
  "restore the authority": 1.5,
  "upgrade the authority": 3,
  "upgrade a replica": 2,
  prune: 2,
  "fill the disk": 1,
  "empty the disk": 2,
}

/** Lets something go wrong, or become right again. Gives what it was. */
export function fault(world: World): string {
  const name = world.dice.weighed(OFTEN)
  return `${name}${FAULTS[name](world) ?? ""}`
}

const FAULTS = {
  "crash a replica": (world) => {
    const replica = world.dice.one(world.replicas)
    if (replica.store === undefined) return
    replica.crash()
    return `: ${replica.name}`
  },
  "close a replica": (world) => {
    const replica = world.dice.one(world.replicas)
    replica.close()
    return `: ${replica.name}`
  },
  "start a replica": (world) => {
    const replica = world.replicas.find(({ isDown }) => isDown)
    replica?.start()
    return `: ${replica?.name}`
  },
  "lose a base": (world) => {
    const replica = world.replicas.find(({ isDown }) => isDown)
    if (replica !== undefined) {
      world.invariants.losesBase(replica)
      replica.base = world.newDisk()
    }
    return `: ${replica?.name}`
  },
  "lose an outbox": (world) => {
    const replica = world.replicas.find(({ isDown }) => isDown)
    if (replica !== undefined) replica.outbox = world.newOutbox()
    return `: ${replica?.name}`
  },
  "part a way": (world) => {
    world.dice.one(world.replicas).way.isParted = true
  },
  "heal a way": (world) => {
    for (const { way } of world.replicas) way.isParted = false
  },
  "cut a way": (world) => world.dice.one(world.replicas).way.cut(),
  "change the weather": (world) => {
    const { dice } = world
    const often = (most: number) => (dice.chance(0.5) ? dice.random() * most : 0)
    dice.one(world.replicas).way.weather = {
      drop: often(0.1),
      double: often(0.3),
      reorder: often(0.2),
      cut: often(0.05),
      delay: dice.between(5, 300),
    }
  },
  "crash the authority": (world) => {
    if (world.authority.store === undefined) return
    world.authority.crash()
    world.invariants.crashed()
  },
  "start the authority": (world) => {
    if (world.authority.store === undefined) world.authority.start()
  },
  "restore the authority": (world) => {
    if (world.authority.store !== undefined) {
      world.authority.crash()
      world.invariants.crashed()
    }
    world.invariants.restoring()
    world.authority.disk.restore()
  },
  "upgrade the authority": (world) => world.upgradeAuthority(),
  "upgrade a replica": (world) => {
    const replica = world.dice.one(world.replicas)
    world.upgradeReplica(replica)
    return `: ${replica.name}`
  },
  prune: (world) => {
    const changes = world.dice.between(0, 10)
    const tombstones = world.dice.chance(0.5) ? changes : changes + world.dice.between(0, 20)
    const retention = { changes, versions: world.dice.between(0, 2), tombstones }
    world.authority.store?.prune(retention).catch(world.report)
  },
  "fill the disk": (world) => {
    world.authority.disk.isFull = true
  },
  "empty the disk": (world) => {
    world.authority.disk.isFull = false
  },
} satisfies Record<string, (world: World) => unknown>
