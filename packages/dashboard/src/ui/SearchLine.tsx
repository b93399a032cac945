import type { ReactNode } from "react";

export interface SearchLineProps {
  /** What is searched. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** How much is found, in words. */
  readonly found: string;
}

/** Narrows a list while one types, and says how much of it is left. */
export function SearchLine({ label, value, onChange, found }: SearchLineProps): ReactNode {
  return (
    <p className="search-line">
      <input
        type="search"
        className="field"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <output aria-live="polite">{found}</output>
    </p>
  );
}
