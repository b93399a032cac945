import type { LayoutDocument } from "@community-stats/contract/layout.ts";
import { galleryPath } from "@community-stats/contract/tool-pages.ts";
import { useEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import { Disabled } from "../layout/Disabled.tsx";
import { Shell } from "../layout/Shell.tsx";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { endOfCells, layoutText } from "./layout-text.ts";
import { Preview } from "./Preview.tsx";
import { ProblemList } from "./ProblemList.tsx";
import type { TextProblem } from "./read-layout.ts";
import { TextTools } from "./TextTools.tsx";
import { useReading } from "./use-reading.ts";
import { useEditorWords } from "./words.ts";

/** A layout document as text, what is wrong with it, and what it draws. */
export function LayoutEditor(): ReactNode {
  const words = useWords();
  const { say } = useEditorWords();
  const { config, address } = usePage();
  const { dashboardType, scopeTitle, globalPath, enabled } = config;
  const begun = dashboardType === "community" ? say("ofCommunity", { name: scopeTitle }) : say("ofRepository");
  return (
    <Shell>
      <main className="page layout-editor" id="stats-main">
        <header className="page-head">
          <h1>{words.text("layoutEditor.title")}</h1>
          {enabled ? (
            <p className="page-text">
              {say("about")} {begun}{" "}
              <a href={`${galleryPath(globalPath)}${address()}`}>{words.text("gallery.title")}</a>
            </p>
          ) : null}
        </header>
        {enabled ? <Desk /> : <Disabled />}
      </main>
    </Shell>
  );
}

/** Text and preview side by side. */
function Desk(): ReactNode {
  const { say } = useEditorWords();
  const { config } = usePage();
  const [first] = useState(() => layoutText(config.layout));
  const [text, setText] = useState(first);
  const read = useReading(text, config.layout);
  const field = useRef<HTMLTextAreaElement>(null);
  useLeaveQuestion(text !== first);
  useCursorBehindCells(field, config.layout);
  return (
    <div className="layout-desk">
      <div className="layout-source">
        <label className="field-label" htmlFor="layout-document">
          {say("document")}
        </label>
        <textarea
          id="layout-document"
          className="field layout-field"
          ref={field}
          value={text}
          onChange={(event) => setText(event.target.value)}
          wrap="off"
          rows={24}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          dir="ltr"
        />
        <pre className="print-only">{text}</pre>
        <TextTools field={field} text={text} onChange={setText} />
        <ProblemList problems={read.problems} onChoose={(problem) => showPlace(field.current, problem)} />
      </div>
      <Preview layout={read.layout} isKept={read.isKept} />
    </div>
  );
}

/** Lines above and columns beside what is shown. */
const MARGIN = 4;
/** Width of a letter of nearly all faces whose letters are equally wide. */
const LETTER_EM = 0.6;

/** Selects what a problem is about and brings it into sight. */
function showPlace(field: HTMLTextAreaElement | null, { start, end, line, column }: TextProblem): void {
  if (field === null) return;
  field.focus();
  field.setSelectionRange(start, end);
  const { lineHeight, fontSize } = getComputedStyle(field);
  const letter = Number.parseFloat(fontSize) * LETTER_EM;
  const fits = (column + end - start + MARGIN) * letter < field.clientWidth;
  field.scrollTop = (line - MARGIN) * Number.parseFloat(lineHeight);
  field.scrollLeft = fits ? 0 : (column - MARGIN) * letter;
}

/** Widgets are inserted there until somebody puts the cursor elsewhere. */
function useCursorBehindCells(field: RefObject<HTMLTextAreaElement | null>, layout: LayoutDocument): void {
  useEffect(() => {
    const area = field.current;
    if (area === null) return;
    const end = endOfCells(area.value, layout);
    area.setSelectionRange(end, end);
  }, [field, layout]);
}

/** The browser asks before a changed text is lost. */
function useLeaveQuestion(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isChanged]);
}
