import { createContext, use, useEffect, useState, type ReactNode } from "react";
import { flushSync } from "react-dom";

const PrintingContext = createContext(false);

/** Lets everything redraw for paper before the browser takes its picture. */
export function PrintingProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const set = (value: boolean) => () => flushSync(() => setPrinting(value));
    const [before, after] = [set(true), set(false)];
    addEventListener("beforeprint", before);
    addEventListener("afterprint", after);
    return () => {
      removeEventListener("beforeprint", before);
      removeEventListener("afterprint", after);
    };
  }, []);
  return <PrintingContext value={printing}>{children}</PrintingContext>;
}

export function usePrinting(): boolean {
  return use(PrintingContext);
}
