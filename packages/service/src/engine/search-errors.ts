import { StatsError } from "@community-stats/contract/problems.ts";

/** The search cluster did not answer, or not in time, however often it was asked. */
export class SearchUnreachableError extends StatsError {
  readonly code = "SEARCH_UNREACHABLE";
  readonly status = 503;
  readonly hint: string;
  constructor(nodes: string, what: string, cause: unknown) {
    super(`OpenSearch at ${nodes} did not answer ${what}: ${messageOf(cause)}`, { cause });
    this.hint = "See whether it runs and OPENSEARCH_URL names it, then repeat: nothing that was acknowledged is lost.";
  }
}

/** The search cluster answered that it will not do what was asked. */
export class SearchRefusedError extends StatsError {
  readonly code = "SEARCH_REFUSED";
  readonly status = 502;
  readonly hint: string;
  /** Of the answer, or of the item of a bulk. */
  readonly answered: number;
  constructor(what: string, answered: number, reason: string) {
    super(`OpenSearch refused ${what} with ${answered}: ${reason}`);
    this.answered = answered;
    this.hint = HINTS[answered] ?? "The reason is that of OpenSearch; its log says more. Then repeat the command.";
  }
}

const HINTS: Readonly<Record<number, string>> = {
  401: "Give user and password: in OPENSEARCH_URL, or as OPENSEARCH_USERNAME and OPENSEARCH_PASSWORD.",
  403: "Give the role the right to write indices community-stats-*, or lift the block that the reason names.",
  413: "Raise http.max_content_length of OpenSearch: a single document does not fit into a request.",
  429: "OpenSearch is overloaded or its disk is full. Make room, then repeat the command: it goes on where it stopped.",
};

/** Redis did not answer: without it nobody can be sure to be the only one who counts. */
export class RedisUnreachableError extends StatsError {
  readonly code = "REDIS_UNREACHABLE";
  readonly status = 503;
  readonly hint =
    "See whether it runs and REDIS_URL names it, then repeat the command. Pages and answers do not need it.";
  constructor(what: string, cause: unknown) {
    super(`Redis did not answer ${what}: ${messageOf(cause)}`, { cause });
  }
}

/** Somebody else took the lease over while this process was away; what it was about to write is not written. */
export class LeaseLostError extends StatsError {
  readonly code = "LEASE_LOST";
  readonly status = 409;
  readonly hint = "Nothing is damaged: whoever holds the lease now does the work. See: community-stats status";
  constructor(own: number, newer: number) {
    super(`The lease with token ${own} was taken over by the holder of token ${newer}; nothing was written.`);
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
