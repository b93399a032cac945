import { createRoot } from "react-dom/client";
import { PageParts } from "./layout/App.tsx";
import { StandingPage } from "./standing/StandingPage.tsx";
import { prepare } from "./start.ts";
import { PAGE_ADDRESS } from "./state/address.ts";
// oxlint-disable-next-line import/no-unassigned-import -- styles have no name
import "./styles/index.css";
// oxlint-disable-next-line import/no-unassigned-import -- styles have no name
import "./ui/search-line.css";
// oxlint-disable-next-line import/no-unassigned-import -- styles have no name
import "./standing/standing.css";

async function start(now: () => number): Promise<void> {
  const ready = await prepare();
  if (ready === null) return;
  const { mount, config, words, shell } = ready;
  createRoot(mount).render(
    <PageParts config={config} words={words} address={PAGE_ADDRESS} now={now}>
      <StandingPage frame={shell ? "page" : "inside"} />
    </PageParts>,
  );
}

void start(Date.now);
