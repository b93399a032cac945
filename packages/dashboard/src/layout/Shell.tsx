import type { ReactNode } from "react";
import { LANGUAGES } from "../messages/catalogue.ts";
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
          <MenuLinks />
        </div>
      </header>
      {children}
      <footer className="shell foot">
        <div className="shell-in">
          <span>{config.repositoryTitle}</span>
          <LanguageLinks />
        </div>
      </footer>
    </>
  );
}

/** Ways to the dashboards, as the configuration names them. */
function MenuLinks(): ReactNode {
  const words = useWords();
  const { menu, dashboardType, scopeTitle } = usePage().config;
  if (menu.length === 0) return null;
  // Both dashboards are called "Statistics" unless the configuration says otherwise.
  const unnamed = (current: boolean): string =>
    current && dashboardType === "community" && menu.length > 1 ? scopeTitle : words.text("page.generic");
  return (
    <nav aria-label={words.text("page.generic")}>
      {menu.map(({ text, href, current }) => (
        <a key={href} href={href} aria-current={current ? "page" : undefined}>
          {text ?? unnamed(current)}
        </a>
      ))}
    </nav>
  );
}

/** The same page in the other languages, each named in itself. */
function LanguageLinks(): ReactNode {
  const words = useWords();
  const { address } = usePage();
  const current = words.locale.split("-")[0];
  return (
    <nav className="languages" aria-label={words.text("page.language")}>
      {LANGUAGES.map((language) => (
        <a
          key={language}
          href={inLanguage(address(), language)}
          lang={language}
          hrefLang={language}
          aria-current={language === current ? "true" : undefined}
        >
          {new Intl.DisplayNames(language, { type: "language" }).of(language)}
        </a>
      ))}
    </nav>
  );
}

function inLanguage(search: string, language: string): string {
  const parameters = new URLSearchParams(search);
  parameters.set("lang", language);
  return `?${parameters}`;
}
