import type { ReactNode } from "react";

/** A sentence whose figure is marked with `<b>`. Nothing else in it is markup. */
export function Rich({ text }: { readonly text: string }): ReactNode {
  return text.split(/<b>(.*?)<\/b>/).map((part, index) =>
    // oxlint-disable-next-line react/no-array-index-key -- the parts have no identity but their place
    index % 2 === 1 ? <strong key={index}>{part}</strong> : part,
  );
}
