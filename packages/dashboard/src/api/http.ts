import { nextTask } from "./next-task.ts";

/** Why a request has no answer. `reference` helps the operators to find it in their log. */
export class ApiError extends Error {
  readonly reason: "timeout" | "network" | "notFound" | "status";
  readonly status: number;
  readonly detail: string | null;
  /** Code of the problem: "UNKNOWN_COMMUNITY". */
  readonly code: string | null;
  readonly reference: string | null;
  constructor(
    reason: ApiError["reason"],
    facts: { status?: number; detail?: string | null; code?: string | null; reference?: string | null },
  ) {
    super(`The statistics service gave no answer (${reason}${facts.status === undefined ? "" : ` ${facts.status}`}).`);
    this.reason = reason;
    this.status = facts.status ?? 0;
    this.detail = facts.detail ?? null;
    this.code = facts.code ?? null;
    this.reference = facts.reference ?? null;
  }
}

export const TIMEOUT_SECONDS = 10;

/** Answers by the beginning of addresses, given in the browser: the gallery asks nobody. */
const LOCAL = new Map<string, (address: URL) => unknown>();

/** From here on, addresses that begin like this are answered by a function instead of a server. */
export function answerLocally(base: string, answer: (address: URL) => unknown): void {
  LOCAL.set(base, answer);
}

/** Fetches JSON; a problem body becomes an ApiError. */
export async function fetchJson<T>(url: string, signal: AbortSignal): Promise<T> {
  for (const [base, answer] of LOCAL) {
    if (url.startsWith(base)) return answer(new URL(url, location.href)) as T;
  }
  const response = await fetchFrom(url, signal);
  if (!response.ok) throw await failureOf(response);
  return response.json() as Promise<T>;
}

async function fetchFrom(url: string, signal: AbortSignal): Promise<Response> {
  // A page asks a dozen questions at once, and each takes a slow machine some milliseconds to send.
  await nextTask();
  const timeout = AbortSignal.timeout(TIMEOUT_SECONDS * 1000);
  try {
    return await fetch(url, {
      signal: AbortSignal.any([signal, timeout]),
      headers: { accept: "application/json" },
      credentials: "same-origin",
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiError(timeout.aborted ? "timeout" : "network", {});
  }
}

async function failureOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const { detail = null, code = null } = textsOf(body);
  return new ApiError(response.status === 404 ? "notFound" : "status", {
    status: response.status,
    detail,
    code,
    reference: response.headers.get("x-request-id"),
  });
}

function textsOf(body: unknown): Readonly<Record<string, string | undefined>> {
  if (typeof body !== "object" || body === null) return {};
  return Object.fromEntries(Object.entries(body).filter(([, value]) => typeof value === "string"));
}

/** Addresses that will not answer differently when asked again at once. */
export function worthRetrying(error: unknown): boolean {
  return !(error instanceof ApiError) || error.reason === "network" || error.status >= 500;
}
