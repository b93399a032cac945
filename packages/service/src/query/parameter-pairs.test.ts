import { BadRequestError } from "@community-stats/contract/problems.ts";
import { expect, it } from "vitest";
import { refuseVoid } from "./parameter-pairs.ts";
import type { QueryParameters } from "./parameters.ts";

const refusal = (parameters: QueryParameters): string => {
  try {
    refuseVoid("usage-delta-series", parameters);
    return "";
  } catch (error) {
    return error instanceof BadRequestError ? `${error.code} ${error.message}` : String(error);
  }
};

it.each<[QueryParameters, RegExp]>([
  [{ metric: "views", metrics: ["downloads"] }, /^INVALID_PARAMETER .*"metric" and "metrics"/],
  [{ category: "countries", breakdowns: ["rights"] }, /^INVALID_PARAMETER .*"category" and "breakdowns"/],
  [{ category: "countries", subcount_id: "US", values: ["DE"] }, /^INVALID_PARAMETER .*"subcount_id" and "values"/],
  [{ optimize: true, shape: "columns" }, /^INVALID_PARAMETER .*"optimize" and "shape"/],
  [{ component_names: ["StatsMap"], shape: "totals" }, /^INVALID_PARAMETER .*"component_names" and "shape"/],
  [{ shape: "columns", values: ["US"] }, /^MISSING_PARAMETER .*"values" of usage-delta-series needs .*"breakdowns"/],
  [{ shape: "columns", values: ["US"], breakdowns: [] }, /^MISSING_PARAMETER .*"breakdowns"/],
  [{ subcount_id: "US" }, /^MISSING_PARAMETER .*"subcount_id" of usage-delta-series needs .*"category"/],
  [{ subcount_id: "US", category: "global" }, /^MISSING_PARAMETER .*"category"/],
])("refuses %j, of which a part would have no effect", (parameters, message) => {
  expect(refusal(parameters)).toMatch(message);
});

it.each<[QueryParameters]>([
  [{}],
  [{ category: "countries", metric: "views", subcount_id: "US" }],
  [{ subcount_id: "global" }],
  [{ shape: "columns", breakdowns: ["global", "countries"], values: ["US"], metrics: ["views"], top: 3 }],
  [{ shape: "columns", category: "countries", subcount_id: "US", metric: "views" }],
  [{ optimize: true, component_names: ["StatsMap"], category: "countries", metric: "views" }],
])("lets %j pass", (parameters) => {
  expect(refusal(parameters)).toBe("");
});
