import { WIDGETS } from "@community-stats/contract/widgets.ts";
import { useState, type ReactNode, type RefObject } from "react";
import { useWords } from "../messages/words-context.ts";
import { useAnnounce } from "../ui/Announcer.tsx";
import { saveText } from "../ui/export-drawing.ts";
import { Icon } from "../ui/Icon.tsx";
import { cellText } from "./layout-text.ts";
import { useEditorWords } from "./words.ts";

const NAMES = [...WIDGETS.keys()];
const FILE = "layout.json";

export interface TextToolsProps {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** Puts widgets into the text, and the text onto the clipboard or into a file. */
export function TextTools({ field, text, onChange }: TextToolsProps): ReactNode {
  const { say } = useEditorWords();
  const [name, setName] = useState(NAMES[0] ?? "");
  const insert = (): void => {
    const area = field.current;
    if (area === null) return;
    const place = { start: area.selectionStart, end: area.selectionEnd };
    area.setRangeText(cellText(area.value, place, name), place.start, place.end, "end");
    area.focus();
    onChange(area.value);
  };
  return (
    <div className="layout-tools">
      <p className="layout-insert">
        <label className="sr" htmlFor="layout-widget">
          {say("widget")}
        </label>
        <select id="layout-widget" className="field" value={name} onChange={(event) => setName(event.target.value)}>
          {NAMES.map((known) => (
            <option key={known}>{known}</option>
          ))}
        </select>
        <button type="button" className="btn" onClick={insert}>
          {say("insert")}
        </button>
      </p>
      <p className="layout-give">
        <CopyButton field={field} text={text} />
        <button type="button" className="btn" onClick={() => saveText(FILE, "application/json", text)}>
          <Icon name="download" />
          {say("save")}
        </button>
      </p>
    </div>
  );
}

/** Where the clipboard is refused, the text is selected, to be copied by hand. */
function CopyButton({ field, text }: Pick<TextToolsProps, "field" | "text">): ReactNode {
  const words = useWords();
  const { say } = useEditorWords();
  const announce = useAnnounce();
  const [told, setTold] = useState("");
  const tell = (news: string): void => {
    setTold(news);
    announce(news);
  };
  const copy = async (): Promise<void> => {
    try {
      // Without https there is no clipboard at all, whatever the types say.
      await navigator.clipboard.writeText(text);
      tell(words.text("tool.copied"));
    } catch {
      field.current?.select();
      tell(say("notCopied"));
    }
  };
  return (
    <>
      <button type="button" className="btn primary" onClick={() => void copy()}>
        {say("copy")}
      </button>
      {told === "" ? null : <span className="sub layout-told">{told}</span>}
    </>
  );
}
