import type { ReactNode } from "react";
import { Button, Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { Icon, type IconName } from "./Icon.tsx";

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
}

/** A button that opens a list of choices or actions. Nothing applies while arrowing. */
export function Menu({ label, className, children, choices, value, onChoose, named = false }: MenuProps): ReactNode {
  const selection =
    value === undefined
      ? {}
      : { selectionMode: "single" as const, selectedKeys: [value], disallowEmptySelection: true };
  return (
    <MenuTrigger>
      <Button className={`btn ${className}`} {...(named ? { "aria-label": label } : {})}>
        {children}
      </Button>
      <Popover className="cs-root cs-layer" placement="bottom start">
        <AriaMenu
          className="pop menu-pop"
          aria-label={label}
          {...selection}
          disabledKeys={choices.filter(({ off }) => off !== undefined).map((choice) => choice.value)}
          onAction={(key) => onChoose(String(key))}
        >
          {choices.map((choice) => (
            <MenuItem key={choice.value} id={choice.value} className="menu-item" textValue={choice.label}>
              {({ isSelected }) => (
                <>
                  {choice.icon === undefined ? null : <Icon name={choice.icon} />}
                  <span className="menu-label">{choice.label}</span>
                  {choice.off === undefined ? null : <small>{choice.off}</small>}
                  {isSelected ? <Icon name="check" /> : null}
                </>
              )}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
