import { createRoot } from "react-dom/client";
import { prepareInvented } from "./invented-page.ts";
import { LayoutEditor } from "./layout-editor/LayoutEditor.tsx";
import { EditorWordsContext } from "./layout-editor/words.ts";
import { PageParts } from "./layout/App.tsx";
import { loadEditorWords } from "./messages/editor-texts.ts";
import { PAGE_ADDRESS } from "./state/address.ts";
// oxlint-disable-next-line import/no-unassigned-import -- styles have no name
import "./styles/index.css";
// oxlint-disable-next-line import/no-unassigned-import -- styles have no name
import "./layout-editor/layout-editor.css";

async function start(now: () => number): Promise<void> {
  const ready = await prepareInvented();
  if (ready === null) return;
  const { mount, config, words } = ready;
  const editorWords = await loadEditorWords(words.locale);
  createRoot(mount).render(
    <PageParts config={config} words={words} address={PAGE_ADDRESS} now={now}>
      <EditorWordsContext value={editorWords}>
        <LayoutEditor />
      </EditorWordsContext>
    </PageParts>,
  );
}

void start(Date.now);
