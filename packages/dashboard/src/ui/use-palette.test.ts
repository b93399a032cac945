import { cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { usePalette } from "./use-palette.ts";

const nothing = (): void => undefined;
beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: nothing, removeEventListener: nothing }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const draw = (host: HTMLElement) => renderHook(() => usePalette({ current: host }));

it("what was read for one drawing is read again after a time without any", () => {
  const host = document.body.appendChild(document.createElement("div"));
  host.style.fontFamily = "one";
  const first = draw(host);
  expect(first.result.current().font).toBe("one");
  host.style.fontFamily = "two";
  const second = draw(host);
  expect(second.result.current().font).toBe("one");
  first.unmount();
  second.unmount();
  expect(draw(host).result.current().font).toBe("two");
});
