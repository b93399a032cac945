import { Fragment, type ReactNode } from "react";

/** "9–15", which is not torn apart at the end of a line. */
const SPAN_OF_NUMBERS = /(\S*\d–\d\S*)/;

/** A sentence whose figure is marked with `<b>`. Nothing else in it is markup. */
export function Rich({ text }: { readonly text: string }): ReactNode {
  return text.split(/<b>(.*?)<\/b>/).map((part, index) =>
    index % 2 === 1 ? (
      // oxlint-disable-next-line react/no-array-index-key -- the parts have no identity but their place
      <strong key={index}>{part}</strong>
    ) : (
      // oxlint-disable-next-line react/no-array-index-key -- the parts have no identity but their place
      <Fragment key={index}>{withSpansKept(part)}</Fragment>
    ),
  );
}

function withSpansKept(text: string): readonly ReactNode[] {
  return text.split(SPAN_OF_NUMBERS).map((part, index) =>
    index % 2 === 1 ? (
      // oxlint-disable-next-line react/no-array-index-key -- the parts have no identity but their place
      <span key={index} className="kept">
        {part}
      </span>
    ) : (
      part
    ),
  );
}
