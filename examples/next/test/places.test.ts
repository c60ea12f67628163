import { describe, expect, it } from "vitest"
import { countryNames } from "../atlas/countries.ts"
import { placeKey, plainNameOf } from "../atlas/place-key.ts"
import { plainText } from "../atlas/plain-text.ts"
import { latitudeText, longitudeText } from "../page/coordinates.ts"

const barcelona = { name: "Barcelona", country: "ES", region: "", lat: 41.38879, lng: 2.15899 }

describe("plain text", () => {
  it("is what people type who have no accents", () => {
    expect(plainText("Sant Julià de Lòria")).toBe("sant-julia-de-loria")
    expect(plainText("Zürich")).toBe("zurich")
    expect(plainText("Łódź")).toBe("lodz")
    expect(plainText("Straße Ærø København")).toBe("strasse-aero-kobenhavn")
    expect(plainText("14 Kasım Mahallesi")).toBe("14-kasim-mahallesi")
    expect(plainText("Đà Nẵng")).toBe("da-nang")
    expect(plainText("Октябрьский")).toBe("oktyabrskii")
  })

  it("leaves out apostrophes and joins all else by one hyphen", () => {
    expect(plainText("Coeur d’Alene")).toBe("coeur-dalene")
    expect(plainText("‘Ewa Beach / Iroquois Point (CDP)")).toBe("ewa-beach-iroquois-point-cdp")
    expect(plainText("  ")).toBe("")
  })

  it("of a plain text is that text", () => {
    for (const text of ["Sant Julià", "Łódź", "6th of October City"]) {
      expect(plainText(plainText(text))).toBe(plainText(text))
    }
  })
})

describe("the key of a place", () => {
  it("begins with the plain name and tells places of one name apart", () => {
    expect(placeKey(barcelona)).toBe("barcelona,es,41.38879,2.15899")
    expect(placeKey({ ...barcelona, country: "VE" })).not.toBe(placeKey(barcelona))
    expect(plainNameOf(placeKey(barcelona))).toBe("barcelona")
  })

  it("sorts a name before the longer names that begin with it", () => {
    const key = (name: string) => placeKey({ ...barcelona, name })
    expect(["Yorkton", "York Haven", "York"].map(key).sort()).toEqual(
      ["York", "York Haven", "Yorkton"].map(key),
    )
  })
})

describe("what is shown of a place", () => {
  it("has degrees with their half of the globe", () => {
    expect([latitudeText(41.38879), latitudeText(-34.412)]).toEqual(["41.389° N", "34.412° S"])
    expect([longitudeText(2.15899), longitudeText(-99.7)]).toEqual(["2.159° E", "99.700° W"])
  })

  it("has the names of countries by their codes", () => {
    const names = countryNames()
    expect(names).toMatchObject({ ES: "Spain", US: "United States", XK: "Kosovo" })
    expect(names.QX).toBeUndefined()
  })
})
