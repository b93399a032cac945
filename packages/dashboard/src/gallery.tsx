import { createRoot } from "react-dom/client";
import { Gallery } from "./gallery/Gallery.tsx";
import { prepareInvented } from "./invented-page.ts";
import { PageParts } from "./layout/App.tsx";
import { PAGE_ADDRESS } from "./state/address.ts";
// oxlint-disable-next-line import/no-unassigned-import -- styles have no name
import "./styles/index.css";
// oxlint-disable-next-line import/no-unassigned-import -- styles have no name
import "./ui/search-line.css";
// oxlint-disable-next-line import/no-unassigned-import -- styles have no name
import "./gallery/gallery.css";

async function start(now: () => number): Promise<void> {
  const ready = await prepareInvented();
  if (ready === null) return;
  const { mount, config, words } = ready;
  createRoot(mount).render(
    <PageParts config={config} words={words} address={PAGE_ADDRESS} now={now}>
      <Gallery />
    </PageParts>,
  );
}

void start(Date.now);
