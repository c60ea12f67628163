import { EventEmitter } from "node:events"
import { MessageChannel, type MessagePort } from "node:worker_threads"

/** A port of worker_threads in the form of Electron's: messages are events, and wait for `start()`. */
export class FakePort extends EventEmitter {
  readonly port: MessagePort

  constructor(port: MessagePort) {
    super()
    this.port = port
    port.on("close", () => this.emit("close"))
  }

  start(): void {
    this.port.on("message", (data) => this.emit("message", { data, ports: [] }))
  }

  postMessage(message: unknown): void {
    this.port.postMessage(message)
  }

  close(): void {
    this.port.close()
  }
}

export class FakeMessageChannelMain {
  readonly port1: FakePort
  readonly port2: FakePort

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port1 = new FakePort(port1)
    this.port2 = new FakePort(port2)
  }
}
