import type { CSSProperties, ReactNode } from "react";

export interface RecordLine {
  readonly key: string;
  readonly title: string;
  /** Address of the record's page; null where the repository's is not known, or the record is gone. */
  readonly link: string | null;
  /** "Report · Banda and others · 2023" */
  readonly meta: string;
  readonly value: number;
  readonly valueText: string;
  /** Length of the bar, from 0 to 1. */
  readonly size: number;
}

export interface RecordListProps {
  readonly heads: readonly [string, string];
  readonly lines: readonly RecordLine[];
}

/** Records by rank, each with what it is, its number and a bar. */
export function RecordList({ heads, lines }: RecordListProps): ReactNode {
  return (
    <>
      <p className="rows-head" aria-hidden="true">
        {heads.map((head) => (
          <span key={head}>{head}</span>
        ))}
      </p>
      <ol className="works" aria-label={heads[1]}>
        {lines.map((line) => (
          <Line key={line.key} line={line} />
        ))}
      </ol>
    </>
  );
}

function Line({ line }: { readonly line: RecordLine }): ReactNode {
  const style: CSSProperties & { "--w": string } = { "--w": `${100 * line.size}%` };
  return (
    <li style={style} data-key={line.key}>
      {line.link === null ? (
        <span className="name" dir="auto" title={line.title}>
          {line.title}
        </span>
      ) : (
        <a className="name" href={line.link} dir="auto" title={line.title}>
          {line.title}
        </a>
      )}
      <span className="meta" title={line.meta}>
        {line.meta}
      </span>
      <bdi className="v" data-value={line.value}>
        {line.valueText}
      </bdi>
    </li>
  );
}
