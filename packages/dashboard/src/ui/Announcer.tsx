import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";

const QUIET_MS = 500;

interface Telling {
  announce(text: string): void;
  /** What a figure says now; null when it is gone. */
  tellFigure(id: string, text: string | null): void;
}

const SILENT: Telling = { announce: () => {}, tellFigure: () => {} };
const AnnouncerContext = createContext<Telling>(SILENT);

/**
 * One polite region for the whole page. Of several messages in half a second only the last is spoken, and after it the figures if any of
 * them has changed: "Past 12 weeks. 87,904 downloads, 23% more than before."
 */
export function Announcer({ children }: { readonly children: ReactNode }): ReactNode {
  const [text, setText] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const message = useRef("");
  const figures = useRef({ texts: new Map<string, string>(), changed: false });
  const speak = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const { texts, changed } = figures.current;
      const parts = [message.current, ...(changed ? texts.values() : [])].filter((part) => part !== "");
      message.current = "";
      figures.current.changed = false;
      setText(parts.join(" "));
    }, QUIET_MS);
  }, []);
  const telling = useMemo(
    (): Telling => ({
      announce(next) {
        message.current = next;
        speak();
      },
      tellFigure(id, next) {
        const { texts } = figures.current;
        if (next === null) texts.delete(id);
        else if (texts.get(id) !== next) {
          texts.set(id, next);
          figures.current.changed = true;
          speak();
        }
      },
    }),
    [speak],
  );
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <AnnouncerContext value={telling}>
      {children}
      <output className="sr" aria-live="polite">
        {text}
      </output>
    </AnnouncerContext>
  );
}

export function useAnnounce(): (text: string) => void {
  return use(AnnouncerContext).announce;
}

/** Lets a figure be spoken when it has changed. @param text null while its number is on its way. */
export function useTold(id: string, text: string | null): void {
  const { tellFigure } = use(AnnouncerContext);
  useEffect(() => {
    if (text !== null) tellFigure(id, text);
  }, [tellFigure, id, text]);
  useEffect(() => () => tellFigure(id, null), [tellFigure, id]);
}
