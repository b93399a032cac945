import { z } from "zod";

/** A failed request: `status` of the answer, or null where none came; `kind` as OpenSearch names it. */
export class RequestFailure extends Error {
  readonly status: number | null;
  readonly kind: string | null;
  constructor(
    message: string,
    { status, kind, cause }: { status: number | null; kind: string | null; cause: unknown },
  ) {
    super(message, { cause });
    this.status = status;
    this.kind = kind;
  }
}

const GATEWAY_TIMEOUT = 504;
/** How OpenSearch 2 words that a time limit of the cluster ended a search; as status it gives 500, as for a fault of its own. */
const TIME_LIMIT = "Time exceeded";

const failureSchema = z.object({
  message: z.string(),
  statusCode: z.number().optional().catch(undefined),
  body: z.unknown().optional(),
});
const reasonSchema = z.object({
  error: z.object({
    type: z.string(),
    reason: z.string().nullish(),
    root_cause: z.array(z.object({ reason: z.string().nullish() })).default([]),
  }),
});

/** What the client threw, in our words. */
export function requestFailure(error: unknown): RequestFailure {
  const { message, statusCode, body } = failureSchema.parse(error);
  const answered = reasonSchema.safeParse(body);
  if (!answered.success) return new RequestFailure(message, { status: statusCode ?? null, kind: null, cause: error });
  const { type, reason, root_cause } = answered.data.error;
  const wasCut = root_cause.some((cause) => cause.reason === TIME_LIMIT);
  const [text, status] = wasCut ? [TIME_LIMIT, GATEWAY_TIMEOUT] : [reason ?? "", statusCode ?? null];
  return new RequestFailure(`${type}: ${text}`, { status, kind: type, cause: error });
}
