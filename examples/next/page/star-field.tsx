import { type ReactNode, useId } from "react"

export interface StarFieldProps {
  /** 0 to 5. */
  readonly stars: number
  readonly onChange: (stars: number) => void
}

const CHOICES = [1, 2, 3, 4, 5]

/** Five stars, of which one is chosen as in any group of radio buttons; and a way to none. */
export function StarField({ stars, onChange }: StarFieldProps): ReactNode {
  const name = useId()
  return (
    <fieldset className="field">
      <legend>Stars</legend>
      <div className="stars">
        {CHOICES.map((choice) => (
          <label key={choice} data-lit={choice <= stars || undefined}>
            <input
              type="radio"
              name={name}
              value={choice}
              checked={choice === stars}
              aria-label={choice === 1 ? "1 star" : `${choice} stars`}
              onChange={() => onChange(choice)}
            />
            <span aria-hidden="true">★</span>
          </label>
        ))}
        <label className="no-stars">
          <input
            type="radio"
            name={name}
            value={0}
            checked={stars === 0}
            aria-label="No stars"
            onChange={() => onChange(0)}
          />
          <span aria-hidden="true">None</span>
        </label>
      </div>
    </fieldset>
  )
}
