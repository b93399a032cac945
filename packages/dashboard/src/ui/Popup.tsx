import {
  useCallback,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type FocusEvent,
  type ReactNode,
  type RefObject,
} from "react";
import { createPortal } from "react-dom";
import { useWords } from "../messages/words-context.ts";
import { placeBeside } from "./place-beside.ts";
import { useLayers } from "./root.ts";

export interface PopupProps {
  /** Class names of the button. */
  readonly className: string;
  /** Content of the button. */
  readonly face: ReactNode;
  /** Name of the button where its content is none. */
  readonly label?: string;
  /** What it opens: what kind, what it is called, class names, and the side of the button that it is flush with. */
  readonly opens: "menu" | "dialog";
  readonly name: string;
  readonly panel: string;
  readonly side?: "start" | "end";
  readonly children: (close: () => void) => ReactNode;
}

/** A button that opens a part above the page, which closes when the reader turns to something else. The page stays as it is. */
export function Popup({ className, face, label, opens, name, panel, side = "start", children }: PopupProps): ReactNode {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = useCallback(() => setOpen(false), []);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        aria-haspopup={opens}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        onKeyDown={({ key }) => {
          if (opens === "menu" && key === "ArrowDown") setOpen(true);
        }}
      >
        {face}
      </button>
      {open ? (
        <Layer button={button} side={side} onClose={close}>
          <div id={id} className={`pop ${panel}`} role={opens} aria-label={name} tabIndex={-1}>
            {children(close)}
          </div>
        </Layer>
      ) : null}
    </>
  );
}

interface LayerProps {
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly side: "start" | "end";
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Stands beside the button. The focus goes into it, and back to the button when it closes. */
function Layer({ button, side, onClose, children }: LayerProps): ReactNode {
  const words = useWords();
  const layers = useLayers();
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const [layer, opener] = [host.current, button.current];
    if (layer === null || opener === null) return undefined;
    // Named as its source, the button comes before it and what follows the button after it for the Tab key.
    layer.showPopover({ source: opener });
    const stop = placeBeside(layer, opener, side);
    (layer.querySelector<HTMLElement>("[data-first]") ?? layer.querySelector<HTMLElement>("[role]"))?.focus();
    const turnedAway = (event: Event): void => {
      const path = event.composedPath();
      if (!path.includes(layer) && !path.includes(opener)) onClose();
    };
    document.addEventListener("pointerdown", turnedAway, true);
    return () => {
      stop();
      document.removeEventListener("pointerdown", turnedAway, true);
      if (layer.matches(":focus-within")) opener.focus();
    };
  }, [button, side, onClose]);
  const onBlur = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget === null || relatedTarget === button.current) return;
    if (host.current?.contains(relatedTarget) !== true) onClose();
  };
  return createPortal(
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- it hears what bubbles from the menu or dialog inside
    <div
      ref={host}
      popover="manual"
      className="cs-root cs-layer"
      dir={words.direction}
      onBlur={onBlur}
      onKeyDown={({ key }) => {
        if (key === "Escape") onClose();
      }}
    >
      {children}
    </div>,
    layers,
  );
}
