import type { ReactNode } from "react";
import { BreakdownWidget } from "./BreakdownWidget.tsx";
import type { Placed } from "./props.ts";
import type { MapSpec } from "./registry.ts";

export function MapWidget({ placed }: { readonly placed: Placed<MapSpec> }): ReactNode {
  const data = placed.spec.metrics[0];
  if (data === undefined) return null;
  return <BreakdownWidget placed={{ ...placed, spec: { kind: "breakdown", breakdown: "countries", data } }} />;
}
