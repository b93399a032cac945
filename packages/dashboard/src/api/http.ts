/** Why a request has no answer. `reference` helps the operators to find it in their log. */
export class ApiError extends Error {
  readonly reason: "timeout" | "network" | "notFound" | "status";
  readonly status: number;
  readonly detail: string | null;
  readonly reference: string | null;
  constructor(
    reason: ApiError["reason"],
    facts: { status?: number; detail?: string | null; reference?: string | null },
  ) {
    super(`The statistics service gave no answer (${reason}${facts.status === undefined ? "" : ` ${facts.status}`}).`);
    this.reason = reason;
    this.status = facts.status ?? 0;
    this.detail = facts.detail ?? null;
    this.reference = facts.reference ?? null;
  }
}

export const TIMEOUT_SECONDS = 10;

/** Fetches JSON; a problem body becomes an ApiError. */
export async function fetchJson<T>(url: string, signal: AbortSignal): Promise<T> {
  const response = await fetchFrom(url, signal);
  if (!response.ok) throw await failureOf(response);
  return response.json() as Promise<T>;
}

async function fetchFrom(url: string, signal: AbortSignal): Promise<Response> {
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
  const detail = typeof body === "object" && body !== null && "detail" in body ? String(body.detail) : null;
  return new ApiError(response.status === 404 ? "notFound" : "status", {
    status: response.status,
    detail,
    reference: response.headers.get("x-request-id"),
  });
}

/** Addresses that will not answer differently when asked again at once. */
export function worthRetrying(error: unknown): boolean {
  return !(error instanceof ApiError) || error.reason === "network" || error.status >= 500;
}
