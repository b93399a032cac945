import type { ReactNode, SVGProps } from "react";
import { HATCH, WEAVES, type Weave } from "../charts/texture.ts";
import type { Slot } from "../select/slots.ts";

/** The textures that swatches refer to by id; once per page. */
export function Textures(): ReactNode {
  return (
    <svg width="0" height="0" className="defs" aria-hidden="true" focusable="false">
      <defs>
        {Array.from(WEAVES, ([slot, weave]) => (
          <WeavePattern key={slot} slot={slot} weave={weave} />
        ))}
        <pattern id="cs-hatch" {...frameOf(HATCH)}>
          <rect width={HATCH.size[0]} height={HATCH.size[1]} className="hatch-ground" />
          <path className="hatch-line" d={HATCH.path} />
        </pattern>
      </defs>
    </svg>
  );
}

function WeavePattern({ slot, weave }: { readonly slot: Slot; readonly weave: Weave }): ReactNode {
  const [width, height] = weave.size;
  return (
    <pattern id={`cs-weave-${slot}`} className="weave" {...frameOf(weave)}>
      <rect width={width} height={height} className={`base-${slot}`} />
      {weave.path === undefined ? null : <path d={weave.path} />}
      {weave.dots?.map(([cx, cy, r]) => (
        <circle key={`${cx} ${cy}`} cx={cx} cy={cy} r={r} />
      ))}
    </pattern>
  );
}

function frameOf({ size: [width, height], rotation }: Weave): SVGProps<SVGPatternElement> {
  return {
    width,
    height,
    patternUnits: "userSpaceOnUse",
    ...(rotation === undefined ? {} : { patternTransform: `rotate(${rotation})` }),
  };
}
