type Json = Readonly<Record<string, unknown>>;

/** What every query may be refused with. */
export const REFUSALS = refusals({
  400: "The request names something that is not offered.",
  403: "The statistics are switched off.",
  404: "There are no statistics of that community or record that the caller may read.",
  406: "Nothing is offered in the types of Accept.",
  429: "Too many requests; Retry-After says how long to wait.",
  503: "The answer took too long.",
});
/** And what only a body can be. */
export const BODY_REFUSALS = refusals({
  413: "The body is too large.",
  415: "The body is not declared as JSON, or is packed.",
});

function refusals(descriptions: Readonly<Record<number, string>>): Json {
  const content = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [status, { description, content }]),
  );
}
