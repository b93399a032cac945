import type { CSSProperties, ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { Icon } from "./Icon.tsx";

export interface ListRow {
  readonly key: string;
  readonly kind: "value" | "other" | "notStated";
  readonly name: string;
  readonly value: number | null;
  readonly valueText: string;
  readonly shareText: string | null;
  readonly size: number;
  /** Its records in the repository. */
  readonly link: string | null;
  /** Its own page of statistics. */
  readonly page: string | null;
}

export interface BreakdownListProps {
  readonly heads: readonly [string, string, string];
  readonly rows: readonly ListRow[];
  /** Narrows the page to a value; null where that is not possible. */
  readonly onChoose: ((key: string) => void) | null;
}

const ROW_KIND = { value: "", other: "rest", notStated: "none" } as const;

/** Values by rank, each a bar with its number and share. */
export function BreakdownList({ heads, rows, onChoose }: BreakdownListProps): ReactNode {
  return (
    <>
      <p className="rows-head" aria-hidden="true">
        {heads.map((head) => (
          <span key={head}>{head}</span>
        ))}
      </p>
      <ol className="rows">
        {rows.map((row) => (
          <ListItem key={row.key} row={row} onChoose={onChoose} />
        ))}
      </ol>
    </>
  );
}

function ListItem({
  row,
  onChoose,
}: {
  readonly row: ListRow;
  readonly onChoose: BreakdownListProps["onChoose"];
}): ReactNode {
  const words = useWords();
  const style: CSSProperties & { "--n": number } = { "--n": row.size };
  const chooses = onChoose !== null && row.kind === "value";
  return (
    <li className={`row ${ROW_KIND[row.kind]}`} style={style} data-key={row.key}>
      <span className="cell-k">
        {chooses ? (
          <button
            type="button"
            className="k"
            title={row.name}
            aria-label={words.text("filter.set", { name: row.name })}
            onClick={() => onChoose(row.key)}
          >
            <span className="clip">{row.name}</span>
          </button>
        ) : (
          <span className="k" title={row.name}>
            <span className="clip">{row.name}</span>
          </span>
        )}
        {row.page === null ? null : (
          <a
            className={`out ${row.link === null ? "" : "before"}`}
            href={row.page}
            aria-label={words.text("value.page", { name: row.name })}
          >
            <Icon name="open" />
          </a>
        )}
        {row.link === null ? null : (
          <a className="out" href={row.link} aria-label={words.text("search.open", { name: row.name })}>
            <Icon name="link" />
          </a>
        )}
      </span>
      <bdi className="v" data-value={row.value ?? undefined}>
        {row.valueText}
      </bdi>
      <bdi className="p">{row.shareText ?? ""}</bdi>
    </li>
  );
}
