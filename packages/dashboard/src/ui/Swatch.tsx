import type { ReactNode } from "react";
import type { Slot } from "../select/slots.ts";

export type SwatchKind = { readonly slot: Slot } | "compare" | "gap" | "unfinished";

/** The sample of a series beside its name. */
export function Swatch({ of }: { readonly of: SwatchKind }): ReactNode {
  return (
    <svg className="swatch" viewBox="0 0 16 12" aria-hidden="true">
      <Sample of={of} />
    </svg>
  );
}

function Sample({ of }: { readonly of: SwatchKind }): ReactNode {
  if (of === "compare") return <path className="then" d="M0 6H16" />;
  if (of === "gap") return <rect className="gap" width="16" height="12" rx="2" />;
  if (of !== "unfinished") return <rect className={`fill-${of.slot}`} width="16" height="12" rx="2" />;
  return (
    <>
      <rect className="fill-1 unfinished" x="1" y="1" width="14" height="10" />
      <rect className="unfinished-edge" x="1" y="1" width="14" height="10" />
    </>
  );
}
