import type { ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";

/** Head and foot of our own pages. Inside a repository's page its own shell stands there. */
export function Shell({ children }: { readonly children: ReactNode }): ReactNode {
  const words = useWords();
  const { config } = usePage();
  return (
    <>
      <header className="shell">
        <a className="skip" href="#stats-main">
          {words.text("page.skip")}
        </a>
        <div className="shell-in">
          <span className="shell-mark" aria-hidden="true" />
          <span className="shell-name">{config.repositoryTitle}</span>
        </div>
      </header>
      {children}
      <footer className="shell foot">
        <div className="shell-in">
          <span>{config.repositoryTitle}</span>
        </div>
      </footer>
    </>
  );
}
