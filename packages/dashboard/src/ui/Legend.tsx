import type { ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { Swatch, type SwatchKind } from "./Swatch.tsx";

export interface LegendEntry {
  readonly key: string;
  readonly swatch: SwatchKind;
  readonly name: string;
  readonly note?: string;
  /** Whether it is drawn; without it the entry only explains. */
  readonly shown?: boolean;
}

export interface LegendProps {
  readonly entries: readonly LegendEntry[];
  readonly onToggle: (key: string) => void;
}

export function Legend({ entries, onToggle }: LegendProps): ReactNode {
  const words = useWords();
  return (
    <ul className="legend">
      {entries.map((entry) => (
        <li key={entry.key}>
          {entry.shown === undefined ? (
            <span className="key">
              <Swatch of={entry.swatch} />
              {entry.name}
            </span>
          ) : (
            <button
              type="button"
              className="key"
              aria-pressed={entry.shown}
              title={words.text("chart.show", { name: entry.name })}
              onClick={() => onToggle(entry.key)}
            >
              <Swatch of={entry.swatch} />
              <span className="key-name">{entry.name}</span>
              {entry.note === undefined ? null : <span className="key-n">{entry.note}</span>}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
