/** What a caller presents; forwarded unchanged, never stored, never logged. */
export interface Credential {
  readonly cookie: string | null;
  /** The whole `Authorization` header. */
  readonly authorization: string | null;
}

export interface RepositoryAddress {
  /** Address of the repository without a trailing slash. */
  readonly url: string;
  readonly fetch: typeof fetch;
}

export interface Question {
  /** Below `/api`, encoded. */
  readonly path: string;
  /** Null: as a guest. */
  readonly credential: Credential | null;
  /** For the whole answer. */
  readonly timeoutMs: number;
}

/** `silent`: no answer in time, or none that can be read. The body is that of JSON answers, null for all others. */
export type RepositoryAnswer =
  | { readonly kind: "answer"; readonly status: number; readonly body: unknown }
  | { readonly kind: "silent"; readonly reason: string };

/** An answer about one community takes a few kB, a list of a thousand some MB. */
const MOST_BYTES = 8 << 20;

/** One GET, as whom the credential says. Redirects are not followed: they would carry the credential elsewhere. */
export async function askRepository({ url, fetch }: RepositoryAddress, question: Question): Promise<RepositoryAnswer> {
  try {
    const response = await fetch(`${url}/api${question.path}`, {
      headers: headersOf(question.credential),
      redirect: "manual",
      signal: AbortSignal.timeout(question.timeoutMs),
    });
    return { kind: "answer", status: response.status, body: await readJson(response) };
  } catch (error) {
    return { kind: "silent", reason: reasonOf(error) };
  }
}

function headersOf(credential: Credential | null): Record<string, string> {
  const headers: Record<string, string> = { accept: "application/json" };
  const { cookie = null, authorization = null } = credential ?? {};
  if (cookie !== null) headers["cookie"] = cookie;
  if (authorization !== null) headers["authorization"] = authorization;
  return headers;
}

async function readJson(response: Response): Promise<unknown> {
  if (!(response.headers.get("content-type") ?? "").includes("json") || response.body === null) {
    await response.body?.cancel();
    return null;
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop early cancels the rest.
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new Error(`the answer is longer than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

/** A word for the log; the message of an error could hold what a caller sent. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { cause } = error;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return error.name;
}
