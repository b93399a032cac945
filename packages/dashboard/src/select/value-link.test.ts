import { valueIdIn, valuePath } from "@community-stats/contract/value-page.ts";
import { describe, expect, it } from "vitest";
import { pageLink } from "./value-link.ts";

const paths = { globalPath: "/stats", communityPath: "/communities/{slug}/stats", repositoryUrl: null };

describe("the address of a value", () => {
  it.each([
    [{ scope: "global", slug: null }, "eng", "/stats/value/languages/eng"],
    [{ scope: "c1", slug: "a b" }, "eng", "/communities/a%20b/stats/value/languages/eng"],
    [{ scope: "global", slug: null }, "https://ror.org/0?x#y", "/stats/value/languages/https%3A//ror.org/0%3Fx%23y"],
  ])("of %j: %s", (scope, id, expected) => {
    expect(pageLink("languages", id, { ...paths, ...scope })).toBe(expected);
  });

  it.each(["eng", "https://ror.org/0?x#y", "http://a/b", "a//b", "50 % off"])("leads back to %s", (id) => {
    const path = decodeURIComponent(
      valuePath("/stats", { breakdown: "funders", id }).slice("/stats/value/funders/".length),
    );
    expect(valueIdIn(path)).toBe(id);
    expect(valueIdIn(path.replace(/^(https?:)\/\//, "$1/"))).toBe(id);
  });
});
