import { parseDay } from "@community-stats/contract/days.ts";
import type { PageConfig } from "@community-stats/contract/page.ts";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { pageConfig } from "../../test/page-config.ts";
import { withoutLayout } from "../../test/without-layout.ts";
import { answerLocally } from "../api/http.ts";
import { inventedAnswer, worldOf } from "../gallery/answer.ts";
import { Gallery } from "../gallery/Gallery.tsx";
import { PageParts } from "../layout/App.tsx";
import { loadCatalogue } from "../messages/catalogue.ts";
import { loadEditorWords, type EditorWords } from "../messages/editor-texts.ts";
import { createWords, type Words } from "../messages/words.ts";
import { PAGE_ADDRESS } from "../state/address.ts";
import { LayoutEditor } from "./LayoutEditor.tsx";
import { EditorWordsContext } from "./words.ts";

const FIELD = "Layout document (JSON)";
const API_BASE = "/invented";
const NOW = Date.UTC(2026, 10, 22);
/** A busy machine takes its time. */
const PATIENT = { timeout: 10_000 };
const CONFIG = pageConfig({
  apiBase: API_BASE,
  today: "2026-11-22",
  globalPath: "/numbers",
  layout: {
    tabs: [{ name: "t", label: "T", rows: [{ name: "r", components: [{ component: "Text", text: "One" }] }] }],
  },
});

let words: Words;
let editorWords: EditorWords;
beforeAll(async () => {
  withoutLayout();
  // Nothing comes near the window of a test.
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      observe = vi.fn<() => void>();
      disconnect = vi.fn<() => void>();
    },
  );
  words = createWords("en", await loadCatalogue("en"), false);
  editorWords = await loadEditorWords("en");
  const today = parseDay(CONFIG.today);
  if (today === null) throw new RangeError(CONFIG.today);
  answerLocally(API_BASE, (address) => inventedAnswer(address, worldOf(today)));
});
afterEach(() => {
  cleanup();
  history.replaceState(null, "", "/");
});

const show = (config: Partial<PageConfig> = {}, page: ReactNode = <LayoutEditor />) =>
  render(
    <PageParts config={{ ...CONFIG, ...config }} words={words} address={PAGE_ADDRESS} now={() => NOW}>
      <EditorWordsContext value={editorWords}>{page}</EditorWordsContext>
    </PageParts>,
  );
const isAsked = (): boolean => !dispatchEvent(new Event("beforeunload", { cancelable: true }));
const field = () => screen.getByLabelText<HTMLTextAreaElement>(FIELD);

it("inserts a widget behind the last cell, and draws it", async () => {
  show();
  await screen.findByText("One", {}, PATIENT);
  fireEvent.change(screen.getByLabelText("Widget"), { target: { value: "Text" } });
  fireEvent.click(screen.getByText("Insert"));
  expect(field().value).toContain('"text": "One" }, { "component": "Text", "width": 16 }');
  fireEvent.change(field(), { target: { value: field().value.replace("16 }", '16, "text": "Two" }') } });
  await screen.findByText("Two", {}, PATIENT);
  expect(screen.getByText("Nothing is wrong.")).toBeTruthy();
});

it("asks before a changed text is lost, and only then", () => {
  show();
  const first = field().value;
  expect(isAsked()).toBe(false);
  fireEvent.change(field(), { target: { value: `${first} ` } });
  expect(isAsked()).toBe(true);
  fireEvent.change(field(), { target: { value: first } });
  expect(isAsked()).toBe(false);
});

it.each([
  ["gallery", "All widgets", <LayoutEditor key="editor" />],
  ["layout-editor", "Layout editor", <Gallery key="gallery" />],
])("is beside the %s in the language and for the community of the page", (path, name, page) => {
  history.replaceState(null, "", "/?lang=en&community=a");
  show({}, page);
  expect(screen.getByText(name).closest("a")?.getAttribute("href")).toBe(`/numbers/${path}?lang=en&community=a`);
});

it("edits nothing where statistics are switched off", () => {
  show({ enabled: false, disabledMessage: "They are off." });
  expect(screen.getByText("They are off.")).toBeTruthy();
  expect(screen.queryByLabelText(FIELD)).toBeNull();
});
