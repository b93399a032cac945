import { createContext, use } from "react";
import type { EditorWords } from "../messages/editor-texts.ts";

export const EditorWordsContext = createContext<EditorWords | null>(null);

export function useEditorWords(): EditorWords {
  const words = use(EditorWordsContext);
  if (words === null) throw new Error("useEditorWords is used outside of the layout editor.");
  return words;
}
