import { BadRequestError } from "@community-stats/contract/problems.ts";
import type { ParameterName, QueryParameters } from "./parameters.ts";

/** Pairs of which the second would silently decide for the first, or make it void. */
const EXCLUSIVE: readonly (readonly [ParameterName, ParameterName])[] = [
  ["metric", "metrics"],
  ["category", "breakdowns"],
  ["subcount_id", "values"],
  ["optimize", "shape"],
  ["component_names", "shape"],
];

/**
 * Parameters that say nothing together are refused: what is asked for and has no effect would be taken for an answer.
 * @throws BadRequestError naming the two.
 */
export function refuseVoid(query: string, parameters: QueryParameters): void {
  const pair = EXCLUSIVE.find((names) => names.every((name) => parameters[name] !== undefined));
  if (pair !== undefined) throw togetherError(pair);
  const { values, subcount_id: one, category = "global", breakdowns = [category] } = parameters;
  if (breakdowns.some((name) => name !== "global")) return;
  if (values !== undefined) throw missingError(query, "values", "breakdowns");
  if (one !== undefined && one !== "global") throw missingError(query, "subcount_id", "category");
}

function togetherError([first, second]: readonly [ParameterName, ParameterName]): BadRequestError {
  return new BadRequestError(
    "INVALID_PARAMETER",
    `The parameters "${first}" and "${second}" cannot be given together.`,
    "Leave one of them out.",
  );
}

function missingError(query: string, name: ParameterName, needed: ParameterName): BadRequestError {
  return new BadRequestError(
    "MISSING_PARAMETER",
    `The parameter "${name}" of ${query} needs the parameter "${needed}".`,
    `Add ${needed}, for example ${needed}=countries.`,
  );
}
