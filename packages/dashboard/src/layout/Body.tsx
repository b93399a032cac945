import type { ReactNode } from "react";
import { usePage } from "../state/page-context.ts";
import type { Frame } from "./frame.ts";

export interface BodyProps {
  readonly frame: Frame;
  readonly className: string;
  readonly children: ReactNode;
}

/** The page around it has a main part of its own. */
export function Body({ frame, className, children }: BodyProps): ReactNode {
  const { config } = usePage();
  if (frame === "page") {
    return (
      <main id="stats-main" className={className}>
        {children}
      </main>
    );
  }
  if (frame === "inside") {
    return (
      <section className={`${className} within`} aria-label={config.title}>
        {children}
      </section>
    );
  }
  // Several may stand on a page, and none of them is one of its landmarks.
  return <div className={`${className} within`}>{children}</div>;
}
