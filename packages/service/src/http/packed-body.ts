import { StatsError } from "@community-stats/contract/problems.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { shorten } from "../query/parameters.ts";

/** The body is packed. It is not unpacked: a few kB could grow beyond every limit, and queries are short. */
class PackedBodyError extends StatsError {
  readonly code = "PACKED_BODY";
  readonly status = 415;
  readonly hint =
    "Send the body as it is, without the header Content-Encoding. Answers are packed as Accept-Encoding says.";
  constructor(encoding: string) {
    super(`The body is packed (Content-Encoding: ${shorten(encoding)}), and packed bodies are not read.`);
  }
}

/** Refuses a body in any content coding, and says so as RFC 9110 (15.5.16) asks. @throws PackedBodyError */
export async function refusePacked({ headers }: FastifyRequest, reply: FastifyReply): Promise<void> {
  const encoding = headers["content-encoding"] ?? "";
  const codings = encoding.split(",").map((coding) => coding.trim().toLowerCase());
  if (codings.every((coding) => coding === "" || coding === "identity")) return;
  reply.header("accept-encoding", "identity");
  throw new PackedBodyError(encoding);
}
