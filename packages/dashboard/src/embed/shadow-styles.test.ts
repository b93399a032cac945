import { expect, it } from "vitest";
import { shadowStyles } from "./shadow-styles.ts";

it.each([
  [":root{--cs-1:.25rem}", ":host{--cs-1:calc(.25*var(--cs-rem))}"],
  [":root[data-theme=dark]{color-scheme:dark}", ":host([data-theme=dark]){color-scheme:dark}"],
  ["@media print{:root,:root[data-theme]{color:#000}}", "@media print{:host,:host([data-theme]){color:#000}}"],
  ["@container (width<48rem){.a{gap:1.5rem}}", "@container (width<768px){.a{gap:calc(1.5*var(--cs-rem))}}"],
  [".a{inset:calc(-1*.5rem)}", ".a{inset:calc(-1*calc(.5*var(--cs-rem)))}"],
  [".w2rem .brem{color:red}", ".w2rem .brem{color:red}"],
])("%s", (css, expected) => expect(shadowStyles(css).startsWith(`${expected}\n`)).toBe(true));

it("takes nothing over from the page around but its colour scheme", () => {
  expect(shadowStyles("")).toContain(":host{all:initial;display:block;");
  expect(shadowStyles("")).toContain("color-scheme:inherit");
});
