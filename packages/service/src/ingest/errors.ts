import { StatsError } from "@community-stats/contract/problems.ts";

/** A whole input cannot be used; the other inputs of the run are not concerned. */
export class InputError extends StatsError {
  readonly status = 400;
  readonly code: "INPUT_UNREADABLE" | "INPUT_EMPTY" | "INPUT_BINARY" | "INPUT_KIND" | "INPUT_TOO_LARGE";
  readonly hint: string;
  constructor(code: InputError["code"], message: string, options: { readonly hint: string; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
