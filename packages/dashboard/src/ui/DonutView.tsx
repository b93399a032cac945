import type { ReactNode } from "react";
import { donutPicture, type Donut } from "../charts/donut.ts";
import type { Slot } from "../select/slots.ts";
import { Drawing } from "./Drawing.tsx";
import { Swatch } from "./Swatch.tsx";

export interface DonutKey {
  readonly key: string;
  readonly slot: Slot;
  readonly name: string;
  readonly value: number;
  readonly valueText: string;
  readonly shareText: string;
  readonly choosable: boolean;
}

export interface DonutViewProps {
  readonly donut: Donut;
  readonly label: string;
  readonly describedBy: string;
  readonly rows: readonly DonutKey[];
  readonly onChoose: ((key: string) => void) | null;
  readonly onDrawn: (svg: () => string) => void;
}

const SIZE_PX = 192;

/** A ring with its key beside it, or below where there is no room. */
export function DonutView({ donut, label, describedBy, rows, onChoose, onDrawn }: DonutViewProps): ReactNode {
  return (
    <div className="donut">
      <figure className="donut-ring">
        <Drawing
          picture={(palette) => donutPicture(donut, SIZE_PX, palette)}
          width={SIZE_PX}
          height={SIZE_PX}
          label={label}
          describedBy={describedBy}
          onDrawn={onDrawn}
        />
      </figure>
      <ol className="donut-key">
        {rows.map((row) => (
          <li key={row.key} data-key={row.key}>
            <Swatch of={{ slot: row.slot }} />
            {onChoose !== null && row.choosable ? (
              <button type="button" className="k clip" title={row.name} onClick={() => onChoose(row.key)}>
                {row.name}
              </button>
            ) : (
              <span className="k clip" title={row.name}>
                {row.name}
              </span>
            )}
            <bdi className="v" data-value={row.value}>
              {row.valueText}
            </bdi>
            <bdi className="p">{row.shareText}</bdi>
          </li>
        ))}
      </ol>
    </div>
  );
}
