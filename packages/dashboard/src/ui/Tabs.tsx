import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

export interface TabsProps {
  /** Name of the row of tabs. */
  readonly label: string;
  readonly tabs: readonly { readonly name: string; readonly title: string }[];
  /** Name of the tab whose content is drawn. */
  readonly value: string;
  readonly onChange: (name: string) => void;
  readonly children: ReactNode;
}

/** Sections, of which one is drawn. The keyboard walks along them before it chooses one. */
export function Tabs({ label, tabs, value, onChange, children }: TabsProps): ReactNode {
  const id = useId();
  // The choice is seen at once, though what follows from it takes a while.
  const [shown, setShown] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setShown(value);
  }
  const row = useRef<HTMLDivElement>(null);
  const open = tabs.findIndex(({ name }) => name === shown);
  useLayoutEffect(() => {
    const tab = row.current?.children.item(open);
    if (row.current && tab) bringIntoRow(row.current, tab);
  }, [open]);
  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} ref={row}>
        {tabs.map(({ name, title }, index) => (
          <button
            key={name}
            type="button"
            id={`${id}-${index}`}
            className="tab"
            role="tab"
            aria-selected={name === shown}
            aria-controls={`${id}-panel`}
            tabIndex={name === shown ? 0 : -1}
            onClick={() => {
              setShown(name);
              onChange(name);
            }}
            onKeyDown={walk}
          >
            <span title={title}>{title}</span>
          </button>
        ))}
      </div>
      <div
        key={value}
        id={`${id}-panel`}
        className="tab-panel"
        role="tabpanel"
        aria-labelledby={`${id}-${tabs.findIndex(({ name }) => name === value)}`}
      >
        {children}
      </div>
    </>
  );
}

/** Room that stays free beside a tab, so that the next one is seen to follow. */
const BESIDE_PX = 32;

/** Scrolls the row and nothing else: the page may stand inside a longer one. */
function bringIntoRow(row: Element, tab: Element): void {
  const [room, place] = [row.getBoundingClientRect(), tab.getBoundingClientRect()];
  const after = place.right + BESIDE_PX - room.right;
  const before = place.left - BESIDE_PX - room.left;
  if (after > 0) row.scrollLeft += after;
  else if (before < 0) row.scrollLeft += before;
}

function walk(event: KeyboardEvent<HTMLElement>): void {
  const to = neighbour(event.currentTarget, event.key);
  if (!(to instanceof HTMLElement)) return;
  event.preventDefault();
  to.focus();
}

/** The tab that a key leads to, in the direction of reading; the row goes round. */
function neighbour(tab: HTMLElement, key: string): Element | null | undefined {
  const row = tab.parentElement;
  const forward = tab.matches(":dir(rtl)") ? "ArrowLeft" : "ArrowRight";
  switch (key) {
    case "Home":
      return row?.firstElementChild;
    case "End":
      return row?.lastElementChild;
    case "ArrowLeft":
    case "ArrowRight":
      return key === forward
        ? (tab.nextElementSibling ?? row?.firstElementChild)
        : (tab.previousElementSibling ?? row?.lastElementChild);
  }
  return undefined;
}
