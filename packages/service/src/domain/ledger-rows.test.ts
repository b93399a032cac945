import { describe, expect, it } from "vitest";
import { MOST_VALUES } from "./ledger-bookings.ts";
import { LedgerRows, LedgerWriter } from "./ledger-rows.ts";

describe("rows of a ledger", () => {
  it("refuse a breakdown whose values do not fit beside their codes", () => {
    const column = { breakdown: "subjects", codes: MOST_VALUES + 1 };
    expect(() => new LedgerRows(column, new LedgerWriter(), 1)).toThrow(
      'the breakdown "subjects" has 67108865 values; the ledger can tell 67108864 apart',
    );
  });
});
