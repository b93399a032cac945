import type { CSSProperties, ReactNode } from "react";
import type { Reading } from "./reading.ts";
import { Swatch } from "./Swatch.tsx";
import type { Stretch } from "./use-stretch.ts";

interface ReaderTipProps {
  readonly id: string;
  readonly reading: Reading;
  readonly index: number;
  readonly width: number;
  readonly series: number | null;
  readonly stretch: Stretch | null;
}

const TIP_GAP_PX = 14;

/** Stands beside the point read, on the side with more room; tells of the stretch that is being chosen, else of the point. */
export function ReaderTip({ id, reading, index, width, series, stretch }: ReaderTipProps): ReactNode {
  const x = reading.x(index);
  const side = x > width / 2 ? { right: width - x + TIP_GAP_PX } : { left: x + TIP_GAP_PX };
  return (
    <>
      <div className="crosshair" style={{ left: x }} aria-hidden="true" />
      {stretch === null ? null : <div className="stretch" style={placeOf(stretch, reading)} aria-hidden="true" />}
      <div className="tip" id={id} aria-hidden="true" style={side}>
        {stretch === null ? (
          <Point reading={reading} index={index} series={series} />
        ) : (
          <p>{reading.stretchText(stretch)}</p>
        )}
      </div>
    </>
  );
}

/** From the outer end of the one place to the outer end of the other. */
function placeOf({ from, to }: Stretch, { ends }: Reading): CSSProperties {
  const { start } = ends(from);
  return { left: start, width: ends(to).end - start };
}

function Point({ reading, index, series }: Pick<ReaderTipProps, "reading" | "index" | "series">): ReactNode {
  const rows = reading.rows(index);
  const shares = rows.some(({ share }) => share !== undefined);
  return (
    <>
      <p className="tip-head">{reading.title(index)}</p>
      <dl>
        {rows.map((row, place) => (
          <div key={row.key} className={`${row.sum ? "tip-sum" : ""} ${series === place ? "tip-read" : ""}`}>
            <dt>
              {row.swatch === null ? null : <Swatch of={row.swatch} />}
              <span>{row.name}</span>
            </dt>
            <dd>
              {row.value}
              {shares ? <span className="tip-share">{row.share}</span> : null}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
