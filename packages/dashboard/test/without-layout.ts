import { vi } from "vitest";

const nothing = (): void => undefined;

function shown(this: HTMLElement): void {
  this.removeAttribute("popover");
}

/**
 * The document of tests lays nothing out, has no theme and no layer above the page: sizes are never told, and what pops up is shown where it
 * stands.
 */
export function withoutLayout(): void {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe = nothing;
      disconnect = nothing;
    },
  );
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: nothing, removeEventListener: nothing }));
  HTMLElement.prototype.showPopover = shown;
}
