import type { ReactNode } from "react";
import { SPARK, sparkline } from "../charts/sparkline.ts";

export interface SparklineProps {
  readonly values: readonly (number | null)[];
  /** The last period is not finished. */
  readonly open: boolean;
}

/** The course of a figure in miniature; the figure itself says what matters. */
export function SparklineView({ values, open }: SparklineProps): ReactNode {
  const { path, end } = sparkline(values);
  return (
    <svg className="spark" viewBox={`0 0 ${SPARK.width} ${SPARK.height}`} aria-hidden="true">
      <path className="spark-line" d={path} />
      {end === null ? null : <circle className={open ? "spark-open" : "spark-end"} cx={end.x} cy={end.y} r={2.4} />}
    </svg>
  );
}
