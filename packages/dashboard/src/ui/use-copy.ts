import { useWords } from "../messages/words-context.ts";
import { useAnnounce } from "./Announcer.tsx";

/** How to put a text on the clipboard, and tell what came of it. */
export function useCopy(): (text: string) => Promise<void> {
  const words = useWords();
  const announce = useAnnounce();
  return async (text) => {
    try {
      // Without https there is no clipboard at all, whatever the types say.
      await navigator.clipboard.writeText(text);
      announce(words.text("tool.copied"));
    } catch {
      announce(words.text("tool.notCopied"));
    }
  };
}
