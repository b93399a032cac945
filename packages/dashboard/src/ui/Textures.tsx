import type { ReactNode } from "react";
import type { Slot } from "../select/slots.ts";

interface Pattern {
  readonly slot: Slot;
  readonly size: readonly [number, number];
  readonly rotation?: number;
  readonly path?: string;
  readonly dots?: readonly (readonly [number, number, number])[];
}

const PATTERNS: readonly Pattern[] = [
  { slot: 1, size: [8, 8], rotation: 22, path: "M0 0V8" },
  { slot: 2, size: [5, 5], rotation: 45, path: "M0 0V5" },
  { slot: 3, size: [6, 6], path: "M0 3H6" },
  { slot: 4, size: [5, 5], dots: [[2.5, 2.5, 1]] },
  { slot: 5, size: [6, 6], rotation: -45, path: "M0 0V6" },
  { slot: 6, size: [6, 6], rotation: 45, path: "M0 0V6M0 0H6" },
  { slot: 7, size: [5, 5], path: "M2.5 0V5" },
  { slot: 8, size: [6, 6], rotation: 20, path: "M0 0V6" },
  { slot: 9, size: [6, 6], path: "M0 3H6M3 0V6" },
  {
    slot: 10,
    size: [7, 7],
    dots: [
      [2, 2, 1],
      [5.5, 5.5, 1],
    ],
  },
  { slot: 11, size: [8, 4], path: "M0 4 4 0 8 4" },
  { slot: 12, size: [4, 4], path: "M0 2H4" },
  { slot: "other", size: [4, 4], rotation: 45, dots: [[2, 2, 0.85]] },
];

/** The textures that swatches refer to by id; once per page. */
export function Textures(): ReactNode {
  return (
    <svg width="0" height="0" className="defs" aria-hidden="true" focusable="false">
      <defs>
        {PATTERNS.map((pattern) => (
          <TexturePattern key={pattern.slot} pattern={pattern} />
        ))}
        <pattern id="cs-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" className="hatch-ground" />
          <path className="hatch-line" d="M0 0V6" />
        </pattern>
      </defs>
    </svg>
  );
}

function TexturePattern({ pattern }: { readonly pattern: Pattern }): ReactNode {
  const [width, height] = pattern.size;
  return (
    <pattern
      id={`cs-weave-${pattern.slot}`}
      className="weave"
      width={width}
      height={height}
      patternUnits="userSpaceOnUse"
      {...(pattern.rotation === undefined ? {} : { patternTransform: `rotate(${pattern.rotation})` })}
    >
      <rect width={width} height={height} className={`base-${pattern.slot}`} />
      {pattern.path === undefined ? null : <path d={pattern.path} />}
      {pattern.dots?.map(([cx, cy, r]) => (
        <circle key={`${cx} ${cy}`} cx={cx} cy={cy} r={r} />
      ))}
    </pattern>
  );
}
