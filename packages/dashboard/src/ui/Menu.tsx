import type { KeyboardEvent, ReactNode } from "react";
import { Icon, type IconName } from "./Icon.tsx";
import { Popup } from "./Popup.tsx";

export interface MenuChoice {
  readonly value: string;
  readonly label: string;
  readonly icon?: IconName;
  /** Why it cannot be chosen. */
  readonly off?: string;
}

export interface MenuProps {
  /** Name of the menu, and of its button where that shows no text. */
  readonly label: string;
  readonly className: string;
  /** Content of the button. */
  readonly children: ReactNode;
  readonly choices: readonly MenuChoice[];
  /** The present choice; without one the menu holds actions. */
  readonly value?: string;
  readonly onChoose: (value: string) => void;
  readonly named?: boolean;
  /** Where list and button end alike. */
  readonly side?: "start" | "end";
}

/** A button that opens a list of choices or actions. Nothing applies while arrowing. */
export function Menu({
  label,
  className,
  children,
  choices,
  value,
  onChoose,
  named = false,
  side,
}: MenuProps): ReactNode {
  const first = choices.find((choice) => choice.value === value) ?? choices[0];
  return (
    <Popup
      className={`btn ${className}`}
      face={children}
      {...(named ? { label } : {})}
      {...(side === undefined ? {} : { side })}
      opens="menu"
      name={label}
      panel="menu-pop"
    >
      {(close) =>
        choices.map((choice) => (
          <Item
            key={choice.value}
            choice={choice}
            checked={value === undefined ? null : choice.value === value}
            first={choice === first}
            onChoose={() => {
              close();
              onChoose(choice.value);
            }}
          />
        ))
      }
    </Popup>
  );
}

interface ItemProps {
  readonly choice: MenuChoice;
  /** Null: an action. */
  readonly checked: boolean | null;
  /** Has the focus when the menu opens. */
  readonly first: boolean;
  readonly onChoose: () => void;
}

function Item({ choice, checked, first, onChoose }: ItemProps): ReactNode {
  const off = choice.off !== undefined;
  return (
    <button
      type="button"
      className="menu-item"
      role={checked === null ? "menuitem" : "menuitemradio"}
      aria-checked={checked ?? undefined}
      aria-disabled={off || undefined}
      tabIndex={-1}
      data-first={first || undefined}
      onClick={off ? undefined : onChoose}
      onKeyDown={walk}
    >
      {choice.icon === undefined ? null : <Icon name={choice.icon} />}
      <span className="menu-label">{choice.label}</span>
      {off ? <small>{choice.off}</small> : null}
      {checked === true ? <Icon name="check" /> : null}
    </button>
  );
}

/** Arrows go round, Home and End to the ends, and a letter to the next item that begins with it. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const items = [...(event.currentTarget.parentElement?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
  const to = itemFor(event, items, items.indexOf(event.currentTarget));
  if (to === undefined) return;
  event.preventDefault();
  to.focus();
}

function itemFor({ key }: KeyboardEvent, items: readonly HTMLElement[], at: number): HTMLElement | undefined {
  switch (key) {
    case "ArrowDown":
      return items[(at + 1) % items.length];
    case "ArrowUp":
      return items.at(at - 1);
    case "Home":
      return items[0];
    case "End":
      return items.at(-1);
  }
  if (key.length > 1 || key === " ") return undefined;
  const letter = key.toLocaleLowerCase();
  return [...items.slice(at + 1), ...items.slice(0, at)].find((item) =>
    item.querySelector(".menu-label")?.textContent?.toLocaleLowerCase().startsWith(letter),
  );
}
