import type { ReactNode } from "react";
import { Placeholder } from "./Placeholder.tsx";
import type { Placed } from "./props.ts";
import type { RecordsSpec } from "./registry.ts";

export function RecordsWidget({ placed }: { readonly placed: Placed<RecordsSpec> }): ReactNode {
  return <Placeholder name={placed.name} />;
}
