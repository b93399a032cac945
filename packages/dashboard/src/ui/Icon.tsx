import type { ReactNode } from "react";
import { ICON_PATHS } from "./icon-paths.ts";

export type IconName = keyof typeof ICON_PATHS;

const MIRRORED: ReadonlySet<IconName> = new Set(["prev", "next"]);

export function Icon({ name, big = false }: { readonly name: IconName; readonly big?: boolean }): ReactNode {
  const classes = ["icon", big ? "big" : "", MIRRORED.has(name) ? "flip" : "", name === "more" ? "heavy" : ""];
  return (
    <svg className={classes.filter(Boolean).join(" ")} viewBox="0 0 16 16" aria-hidden="true">
      <path d={ICON_PATHS[name]} />
    </svg>
  );
}
