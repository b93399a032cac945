/** RFC 9457 problem body. `code` is stable and documented in docs/errors.md; `hint` says what to do next. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly hint: string;
  /** The entry of the request that is at fault, where a request holds several. */
  readonly entry?: string;
}

/** An error that a person can meet. A plain `Error` is a bug of ours. */
export abstract class StatsError extends Error {
  abstract readonly code: string;
  /** HTTP status. */
  abstract readonly status: number;
  abstract readonly hint: string;

  toProblem(): Problem {
    return {
      type: `about:blank#${this.code}`,
      title: this.code,
      status: this.status,
      detail: this.message,
      code: this.code,
      hint: this.hint,
    };
  }
}

/** Something that the caller named does not exist, or may not be seen: the two look the same. */
export class UnknownScopeError extends StatsError {
  readonly code = "UNKNOWN_COMMUNITY";
  readonly status = 404;
  readonly hint = "Use the id or the slug of a community of this repository, or `global`.";
  readonly value: string;
  constructor(value: string) {
    super(`There are no statistics for the community "${value}".`);
    this.value = value;
  }
}

/** A request names something that is not offered, or a value that is not allowed. */
export class BadRequestError extends StatsError {
  readonly status = 400;
  readonly code: string;
  readonly hint: string;
  constructor(code: string, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** The command line or the configuration is wrong; nothing was changed. */
export class UsageError extends StatsError {
  readonly code = "USAGE";
  readonly status = 400;
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
