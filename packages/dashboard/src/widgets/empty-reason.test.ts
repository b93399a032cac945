import { expect, it } from "vitest";
import { columnsAnswer } from "../../test/answers.ts";
import { loadCatalogue } from "../messages/catalogue.ts";
import { createWords } from "../messages/words.ts";
import { emptyReason } from "./empty-reason.ts";

async function reasonFor(whole: number): Promise<string | null> {
  const answer = columnsAnswer({
    side: "records",
    from: "2026-11-20",
    to: "2026-11-21",
    asOf: "2026-11-21",
    firstDay: "2020-01-01",
    periods: [
      { from: "2026-11-20", to: "2026-11-20", state: "complete" },
      { from: "2026-11-21", to: "2026-11-21", state: "complete" },
    ],
    series: [{ kind: "total", id: "", label: "", metrics: { records: [whole, 0] }, totals: { records: whole } }],
  });
  const data = { side: "records", kind: "delta", metric: "records" } as const;
  return emptyReason(createWords("en", await loadCatalogue("en"), false), { answer, data, breakdown: "funders" });
}

it.each([
  [41, "None of the 41 records from 20 November to 21 November 2026 states the funder."],
  [0, "No records from 20 November to 21 November 2026."],
  [-91, null],
])("of a sum of %i it says %j", async (whole, expected) => {
  expect(await reasonFor(whole)).toBe(expected);
});
