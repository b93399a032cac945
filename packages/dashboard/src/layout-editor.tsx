import { parseDay } from "@community-stats/contract/days.ts";
import { createRoot } from "react-dom/client";
import { answerLocally } from "./api/http.ts";
import { inventedAnswer, worldOf } from "./gallery/answer.ts";
import { LayoutEditor } from "./layout-editor/LayoutEditor.tsx";
import { EditorWordsContext } from "./layout-editor/words.ts";
import { PageParts } from "./layout/App.tsx";
import { loadEditorWords } from "./messages/editor-texts.ts";
import { prepare } from "./start.ts";
import { PAGE_ADDRESS } from "./state/address.ts";
// oxlint-disable-next-line import/no-unassigned-import -- styles have no name
import "./styles/index.css";
// oxlint-disable-next-line import/no-unassigned-import -- styles have no name
import "./layout-editor/layout-editor.css";

/** Answers are made in the browser. */
const API_BASE = "/invented-numbers";

async function start(now: () => number): Promise<void> {
  const ready = await prepare();
  const today = parseDay(ready?.config.today ?? "");
  if (ready === null || today === null) return;
  const { mount, words } = ready;
  const world = worldOf(today);
  answerLocally(API_BASE, (address) => inventedAnswer(address, world));
  const editorWords = await loadEditorWords(words.locale);
  const config = { ...ready.config, apiBase: API_BASE, repositoryUrl: null, generated: true };
  createRoot(mount).render(
    <PageParts config={config} words={words} address={PAGE_ADDRESS} now={now}>
      <EditorWordsContext value={editorWords}>
        <LayoutEditor />
      </EditorWordsContext>
    </PageParts>,
  );
}

void start(Date.now);
