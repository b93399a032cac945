import { useId, type ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { DataTable, type TableData } from "./DataTable.tsx";
import { Icon } from "./Icon.tsx";
import { usePrinting } from "./printing.tsx";
import { Rich } from "./Rich.tsx";

export interface CardProps {
  readonly title: string;
  readonly kind: string;
  /** Class names that the layout document gives. */
  readonly tag?: ReactNode;
  /** What is measured, before the tools. */
  readonly measure?: ReactNode;
  readonly tools?: ReactNode;
  readonly menu?: ReactNode;
  /** Says what the card shows. */
  readonly sentence?: string | null;
  /** Id of the sentence, for what it describes. */
  readonly saysId?: string;
  readonly table?: TableData | null;
  readonly tableOpen?: boolean;
  readonly onTable?: () => void;
  readonly busy?: boolean;
  readonly dashed?: boolean;
  readonly children: ReactNode;
}

/** The frame of every part: title, tools, sentence, body, table, in this order. */
export function Card(props: CardProps): ReactNode {
  const id = useId();
  const printing = usePrinting();
  const { title, kind, sentence, table, busy = false, dashed = false } = props;
  const open = (props.tableOpen ?? false) || printing;
  return (
    <section
      className={`card ${kind} ${dashed ? "dashed" : ""}`}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a landmark for each part, some of one name, would help nobody
      role="group"
      aria-labelledby={`${id}-title`}
      aria-busy={busy}
    >
      <header className="card-head">
        <h3 id={`${id}-title`}>
          {title}
          {props.tag}
        </h3>
        <div className="tools">
          {props.measure}
          <div className="tools-rest">
            {props.tools}
            {table === undefined || table === null || props.onTable === undefined ? null : (
              <TableButton open={open} controls={`${id}-table`} onPress={props.onTable} />
            )}
            {props.menu}
          </div>
        </div>
      </header>
      {sentence === undefined || sentence === null ? null : (
        <p className="says" id={props.saysId ?? `${id}-says`}>
          <Rich text={sentence} />
        </p>
      )}
      {props.children}
      {table === undefined || table === null ? null : (
        <div className="table-panel" id={`${id}-table`} hidden={!open}>
          {open ? <DataTable data={table} sortable /> : null}
        </div>
      )}
    </section>
  );
}

interface TableButtonProps {
  readonly open: boolean;
  readonly controls: string;
  readonly onPress: () => void;
}

function TableButton({ open, controls, onPress }: TableButtonProps): ReactNode {
  const words = useWords();
  const name = words.text("tool.table");
  return (
    <button
      type="button"
      className="btn small square"
      aria-label={name}
      title={name}
      aria-expanded={open}
      aria-controls={controls}
      onClick={onPress}
    >
      <Icon name="table" />
    </button>
  );
}
