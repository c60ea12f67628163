import { isDeepStrictEqual } from "node:util"
import {
  create,
  createFileRegistry,
  equals,
  fromBinary,
  type Message,
  toBinary,
} from "@bufbuild/protobuf"
import {
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt"
import fc from "fast-check"
import protobuf from "protobufjs"
import { describe, expect, it } from "vitest"
import type { Codec } from "../../src/codec.ts"
import { type MessageType, protobufCodec } from "../../src/codecs/protobuf.ts"
import { StoreError } from "../../src/errors.ts"
import { text } from "./laws.ts"
import { hex, trial } from "./trial.ts"

const { root } = protobuf.parse(`
  syntax = "proto3";
  package app;
  message User {
    string name = 1;
    int32 age = 2;
    repeated string tags = 3;
    map<string, double> scores = 4;
    bytes photo = 5;
    optional string nick = 6;
    int64 big = 7;
    float ratio = 8;
    User boss = 9;
  }
`)
const User = root.lookupType("app.User")

const field = (name: string, number: number, type: Type, more: object = {}) => {
  return { name, number, type, label: Label.OPTIONAL, jsonName: name, ...more }
}
const file = create(FileDescriptorProtoSchema, {
  name: "app.proto",
  package: "app",
  syntax: "proto3",
  messageType: [
    {
      name: "User",
      field: [
        field("name", 1, Type.STRING),
        field("age", 2, Type.INT32),
        field("tags", 3, Type.STRING, { label: Label.REPEATED }),
        field("scores", 4, Type.MESSAGE, {
          label: Label.REPEATED,
          typeName: ".app.User.ScoresEntry",
        }),
        field("photo", 5, Type.BYTES),
        field("nick", 6, Type.STRING, { proto3Optional: true, oneofIndex: 0 }),
        field("big", 7, Type.INT64),
        field("ratio", 8, Type.FLOAT),
        field("boss", 9, Type.MESSAGE, { typeName: ".app.User" }),
      ],
      oneofDecl: [{ name: "_nick" }],
      nestedType: [
        {
          name: "ScoresEntry",
          options: { mapEntry: true },
          field: [field("key", 1, Type.STRING), field("value", 2, Type.DOUBLE)],
        },
      ],
    },
  ],
})
const UserSchema = createFileRegistry(file, () => undefined).getMessage("app.User")
if (UserSchema === undefined) throw new Error("The descriptor has no app.User")

const fields = {
  name: text,
  age: fc.integer(),
  tags: fc.array(text, { maxLength: 3 }),
  // A library may call NaN unequal to itself.
  scores: fc.dictionary(text, fc.double({ noNaN: true }), { maxKeys: 3, noNullPrototype: true }),
  // Not empty: protobufjs leaves empty bytes out, and reads an array in their place.
  photo: fc.uint8Array({ minLength: 1 }),
}

/** A codec over a library, how the library makes a message, and when it calls two the same. */
interface Library {
  readonly codec: Codec<object>
  make(fields: object): object
  /** The library's form of a long integer. */
  long(value: bigint): unknown
  same(a: object, b: object): boolean
}

const plain = { defaults: true, bytes: String, longs: String }
const libraries: [string, Library][] = [
  [
    "protobufjs",
    {
      codec: protobufCodec<object>("app.User", User as MessageType<object>),
      make: (fields) => User.create({ ...fields }),
      long: (value) =>
        new protobuf.util.Long(Number(BigInt.asIntN(32, value)), Number(value >> 32n), false),
      same: (a, b) =>
        isDeepStrictEqual(
          User.toObject(User.create({ ...a }), plain),
          User.toObject(User.create({ ...b }), plain),
        ),
    },
  ],
  [
    "@bufbuild/protobuf",
    {
      codec: protobufCodec<object>("app.User", {
        encode: (message) => toBinary(UserSchema, message as Message),
        decode: (bytes) => fromBinary(UserSchema, bytes),
      }),
      make: (fields) => create(UserSchema, { ...fields }),
      long: (value) => value,
      same: (a, b) => equals(UserSchema, a as Message, b as Message),
    },
  ],
]

describe.each(libraries)("protobufCodec over %s", (_name, { codec, make, long, same }) => {
  const { encode, decode, carry, refuses, isCorrupt } = trial(codec)
  const message = fc
    .record(
      { ...fields, big: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(long) },
      { requiredKeys: [] },
    )
    .map(make)

  it("Z10 is named after its type", () => {
    expect(codec.name).toBe("protobuf:app.User")
  })

  it("Z10 gives back the messages it took", () => {
    fc.assert(
      fc.property(message, (given) => {
        expect(same(carry(given), given)).toBe(true)
        expect(encode(carry(given))).toEqual(encode(given))
      }),
    )
  })

  it("Z10 refuses fields that the type lacks, and values that do not fit", () => {
    refuses({ ...make({}), more: 1 }, "more")
    refuses(make({ ratio: 1.1 }), "ratio")
    refuses({ ...make({}), age: "7" }, "age")
    refuses(make({ boss: make({ tags: ["ok", 7], ratio: 0.1 }) }), "boss.tags[1]")
  })

  it("Z10 reads other bytes as a message, or calls them corrupt", () => {
    fc.assert(
      fc.property(fc.uint8Array(), message, fc.nat(), (random, given, cut) => {
        const bytes = encode(given) as Uint8Array
        for (const data of [random, bytes.slice(0, cut % (bytes.length + 1))]) {
          try {
            expect(typeof decode(data)).toBe("object")
          } catch (error) {
            expect(StoreError.is(error, "corrupt")).toBe(true)
          }
        }
      }),
      { numRuns: 500 },
    )
    isCorrupt(hex("0a 05 61"))
    isCorrupt("text")
  })

  it("G14 keeps __proto__ in a map as data", () => {
    const scores = JSON.parse('{"__proto__":1,"a":2}')
    const back = carry(make({ scores })) as { scores: object }
    expect(Object.keys(back.scores).sort()).toEqual(["__proto__", "a"])
    expect(Object.hasOwn(Object.prototype, "a")).toBe(false)
  })

  it("G14 calls messages in messages without end corrupt", () => {
    const heads: number[][] = []
    for (let level = 0, length = 0; level < 20_000; level++) {
      const head = [0x4a, ...varint(length)]
      heads.push(head)
      length += head.length
    }
    isCorrupt(Uint8Array.from(heads.reverse().flat()))
  })
})

/** A number as protobuf writes lengths: seven bits in a byte, the lowest first. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
}
