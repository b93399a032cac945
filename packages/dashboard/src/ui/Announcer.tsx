import { createContext, use, useCallback, useEffect, useRef, useState, type ReactNode } from "react";

const QUIET_MS = 500;

const AnnouncerContext = createContext<(text: string) => void>(() => {});

/** One polite region for the whole page. Of several messages in half a second only the last is spoken. */
export function Announcer({ children }: { readonly children: ReactNode }): ReactNode {
  const [text, setText] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const announce = useCallback((next: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setText(next), QUIET_MS);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <AnnouncerContext value={announce}>
      {children}
      <output className="sr" aria-live="polite">
        {text}
      </output>
    </AnnouncerContext>
  );
}

export function useAnnounce(): (text: string) => void {
  return use(AnnouncerContext);
}
